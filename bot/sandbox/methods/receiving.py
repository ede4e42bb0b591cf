"""How updates and files come to the bot: long polling, the webhook, file paths."""

from bot.sandbox.files import DOWNLOAD_LIMIT
from bot.sandbox.methods.method import Method
from bot.sandbox.parameters import Parameters
from bot.sandbox.refusals import bad_request, conflict
from bot.sandbox.webhook import Pusher, Webhook
from bot.sandbox.world import World

LONGEST_POLL = 50
MOST_UPDATES = 100
MOST_CONNECTIONS = 100
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def get_updates(world: World, given: Parameters) -> object:
    """The updates that are not confirmed yet, waiting for one up to `timeout` seconds."""
    if world.pusher:
        raise conflict(WEBHOOK_ACTIVE)
    _allow(world, given)
    limit = min(max(given.whole("limit", MOST_UPDATES), 1), MOST_UPDATES)
    timeout = min(max(given.whole("timeout", 0), 0), LONGEST_POLL)
    batch = await world.updates.poll(given.whole("offset", 0), limit, timeout)
    return [update.as_json() for update in batch]


def _allow(world: World, given: Parameters) -> None:
    """Left out, the kinds of update that were asked for before stay as they are."""
    kinds = given.structure("allowed_updates")
    if kinds is None or kinds == "":
        return
    if not isinstance(kinds, list):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    world.updates.allowed = frozenset(str(kind) for kind in kinds)


async def set_webhook(world: World, given: Parameters) -> object:
    """Pushes updates to an address from now on; an empty address ends it."""
    if not given.text("url"):
        return await delete_webhook(world, given)
    connections = min(max(given.whole("max_connections", 40), 1), MOST_CONNECTIONS)
    webhook = Webhook.checked(given.text("url"), given.text("secret_token"), connections)
    _allow(world, given)
    await _end_pushing(world, given)
    world.updates.end_polling("terminated by setWebhook request")
    world.pusher = Pusher(webhook, world.updates, world.webhook_retry_after)
    return True


async def delete_webhook(world: World, given: Parameters) -> object:
    """Goes back to long polling."""
    await _end_pushing(world, given)
    return True


async def _end_pushing(world: World, given: Parameters) -> None:
    if world.pusher:
        await world.pusher.stop()
        world.pusher = None
    if given.switch("drop_pending_updates"):
        world.updates.clear()


async def get_webhook_info(world: World, given: Parameters) -> object:
    """Where updates are pushed to, and the last failure."""
    told: dict[str, object] = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }
    if world.updates.allowed:
        told["allowed_updates"] = sorted(world.updates.allowed)
    if world.pusher:
        told |= {"url": world.pusher.webhook.url, "max_connections": world.pusher.webhook.connections}
        if world.pusher.failure:
            told["last_error_date"], told["last_error_message"] = world.pusher.failure
    return told


async def get_file(world: World, given: Parameters) -> object:
    """Where a file can be downloaded, up to 20 MB."""
    file = world.files.by_id(given.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {**file.as_json(), "file_path": file.path}


RECEIVING: dict[str, Method] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
}
