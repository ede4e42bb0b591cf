"""What somebody did here, and what they did for others, in plain words: a part of their own copy."""

from collections.abc import Callable, Iterator

from exports.ownwords import Words, listed, section
from exports.page import paragraph
from storage.owncopy import Copy

DONE = (
    *("absent", "came_back", "city_changed", "consent_no", "consent_shown", "consent_yes", "deactivated", "declined"),
    *("delivered", "digest_ordered", "email_asked", "email_ended", "email_set", "enquired", "enquiry_answered"),
    *("erasure_asked", "export_ordered", "export_stopped", "exported", "files_recalled", "flags_seen", "form_checked"),
    *("form_used", "invitation_renewed", "invitation_revoked", "invited", "mailed", "media_no", "media_yes"),
    *("own_copy", "own_reflections", "paused", "quote_approved", "quote_refused", "quotes_no", "quotes_seen"),
    *("quotes_yes", "reactivated", "reminded", "retention_shown", "role_changed", "settled_held", "settled_not_held"),
    *("team_changed", "template_made", "tidy_no", "tidy_yes", "undone", "withdrawn_keeping", "workshop_cancelled"),
    *("workshop_moved", "workshop_planned", "workshop_settled"),
)
"""What the audit, and what can be taken back, says that a person did; each has its words."""

MADE = (
    *("check_form", "email_code", "export", "invitation_cards", "keep_picture", "letter", "overview", "own_copy"),
    *("own_reflections", "plan_template", "read_plan", "retention_report", "send_form"),
)
"""What the bot makes for one person; each has its words."""


def acts(copy: Copy, words: Words) -> str:
    """The audit of the person themselves, the oldest first."""
    items = [(words.when(one["done_on"]), _with_city(_did(one["verb"], words), one, words)) for one in copy["acts"]]
    told = paragraph(words("acts_about"), "about") + listed(items) if items else paragraph(words("none"))
    return section(words("acts"), told)


def messages(copy: Copy, words: Words) -> str:
    """How many messages are still kept, and what the bot waits for from them."""
    waiting, sent = len(copy["messages_waiting"]), len(copy["messages_sent_to_you"])
    waited = [one["words"] or one["address"] or words("waited_for") for one in copy["waited_for"]]
    facts = [(words("from_you"), waiting), (words("to_you"), sent), *((words("bot_waits"), one) for one in waited)]
    return section(words("messages"), listed(facts))


def work(copy: Copy, words: Words) -> Iterator[str]:
    """What they did for others, or have the bot do: of each sort what there is."""
    for sort, line in LINES.items():
        if found := copy["work"][sort]:
            yield section(words(sort), listed(line(one, words) for one in found))


def _did(verb: str, words: Words) -> str:
    return words.say(f"did.{verb}", words.language) if verb in DONE else verb


def _with_city(told: str, one: Copy, words: Words) -> str:
    return f"{told} · {words.city(one['city'])}" if one["city"] else told


def _until(one: Copy, words: Words, **ends: str) -> str:
    """When it was made, and what became of it then: `ends` names a text by the time that is set."""
    pieces = [words.when(one["made_on"])]
    pieces += [f"{words(key)} {words.when(one[ended])}" for ended, key in ends.items() if one[ended]]
    return ", ".join(pieces)


def _invitation(one: Copy, words: Words) -> tuple[str, str]:
    role = words.role(one["role"], one["city"], one["line"])
    revoked = {"revoked_on": "revoked"} if "revoked_on" in one else {}
    return role, _until(one, words, used_on="used", **revoked)


def _workshop(time: str) -> Callable[[Copy, Words], tuple[str, str]]:
    return lambda one, words: (_with_city(one["title"], one, words), words.when(one[time]))


def _quote(one: Copy, words: Words) -> tuple[str, str]:
    return words.when(one["decided_on"]), _did("quote_approved" if one["verdict"] == "yes" else "quote_refused", words)


def _change(one: Copy, words: Words) -> tuple[str, str]:
    return _with_city(_did(one["kind"], words), one, words), _until(one, words, undone_on="undone")


def _job(one: Copy, words: Words) -> tuple[str, str]:
    what = words.say(f"made.{one['kind']}", words.language) if one["kind"] in MADE else one["kind"]
    state = _until(one, words, ended_on="finished")
    return what, state if one["ended_on"] else f"{state}, {words('unfinished')}"


LINES: dict[str, Callable[[Copy, Words], tuple[str, str]]] = {
    "came_in_by": _invitation,
    "invited": _invitation,
    "links_tried": lambda one, words: (words.when(one["failed_on"]), words("link_failed")),
    "planned": _workshop("planned_on"),
    "teams": _workshop("starts_on"),
    "published": lambda one, words: (f"{one['form_id']} {one['version']}", words.when(one["published_on"])),
    "questions_answered": lambda one, words: (words.city(one["city"]), words.when(one["answered_on"])),
    "quotes_decided": _quote,
    "changed": _change,
    "files_received": lambda one, words: (one["file"].rpartition("/")[2], words.when(one["given_on"])),
    "under_way": _job,
}
"""By its name in the copy, how a row of it is told."""
