"""What the operator sets about e-mail on the command line."""

from typing import Annotated

import typer

from bot.options import HERE, Folder
from bot.stewardcli import prepared
from bot.telling import BAD_CONFIGURATION, stop, tell, told, way_back
from fieldwork.people import Verb, may
from handlers.delivery.mailbox import is_mailbox
from storage import audit, mailboxes, people
from storage.database import transaction


def email(
    code: Annotated[str, typer.Option(help="The investigator's code.")],
    to: Annotated[str, typer.Option(help="The address; left out: summaries go by chat again.")] = "",
    folder: Folder = HERE,
) -> None:
    """Have an investigator's weekly summary sent by e-mail, or by chat again; also beside a running bot."""
    if to and not is_mailbox(to):
        stop(f"--to: found {to!r}, expected an address such as name@university.nl", BAD_CONFIGURATION)
    program = prepared(folder)
    with told(program), transaction(program.place.database) as tx:
        person = people.by_code(tx, code.upper())
        if person is None or not may(person, Verb.DIGEST):
            stop(f"--code: found {code!r}, expected the code of an investigator, such as K7M4")
        had = mailboxes.address_of(tx, person.id)
        mailboxes.set_to(tx, person.id, to or None)
        audit.note(tx, None, "email_set" if to else "email_ended", "", person.code, program.now())
    if not to:
        tell(f"{person.code} gets the weekly summary by chat; the address is deleted.")
    elif program.post is None:
        tell(f"{person.code} gets the weekly summary by e-mail as soon as SMTP_HOST is set; by chat until then.")
    else:
        tell(f"{person.code} gets the weekly summary by e-mail.")
    if to and had is None:
        way_back(folder, "email", "--code", person.code)
    elif had is not None:
        tell("The earlier address is deleted. To go back to it, give it again with --to.")
