"""/quotes: which words of fieldworkers the researchers may read, one answer at a time; a coordinator says so."""

from dataclasses import dataclass
from itertools import chain

from fieldwork import quotes as cutting
from fieldwork.messages import Button, Rows, Say
from fieldwork.people import Verb
from fieldwork.study import City
from fieldwork.taps import Key, button, is_count
from forms.quoting import line_of, quotable
from handlers.cities import city_key, picked
from handlers.desk import Caller, Desk, settle, tell
from handlers.reflecting.talks import active_talk, talk_of
from handlers.rights import erasures
from storage import audit, outbox, pending, people, quoted, quotes, sessions
from storage.pending import Pending
from storage.quotes import Candidate, Marked, Verdict
from storage.tx import Tx

WAITING = "quote"
"""The kind of what is waited for: the words that remain."""
_LONGEST_SHOWN = 3000
"""Characters; of a longer answer the beginning is shown."""
_LOOKED_AT = 25
_LAST = 10**15
"""Above every answer's id."""


@dataclass(frozen=True, slots=True)
class _Quotable:
    """An answer that may be quoted as it stands: which question it answers, for which line, in words without names."""

    candidate: Candidate
    question: str
    line: str
    words: str


def show(tx: Tx, desk: Desk, caller: Caller, city: City, rest: str) -> None:
    """/quotes: the first answer that nobody decided about."""
    audit.note(tx, caller.person.id, "quotes_seen", city.code, "", desk.now)
    _put_next(tx, desk, caller, city, 0)


def tapped(tx: Tx, desk: Desk, caller: Caller, key: Key) -> None:
    """Mag, Mag niet, Later, Inkorten, or what was chosen earlier."""
    city, (act, _, number) = picked(desk, caller, Verb.QUOTE, key), key.arg.partition(" ")
    if city is None or not is_count(number):
        tell(tx, desk, caller, "err.stale_button")
    elif act == "later":
        settle(tx, desk, caller, str(key))
        _put_next(tx, desk, caller, city, int(number))
    elif act == "earlier":
        _put_earlier(tx, desk, caller, city, int(number))
    elif (found := _read(tx, desk, city, int(number))) is None:
        tell(tx, desk, caller, "err.stale_button")
    elif act == "shorten":
        pending.wait_for(tx, caller.person.id, WAITING, {"city": city.code, "answer": int(number)}, desk.now)
        tell(tx, desk, caller, "quote.shorten", most=cutting.LONGEST)
    else:
        _decide(tx, desk, caller, city, found, key, act)


def wrote(tx: Tx, desk: Desk, caller: Caller, waiting: Pending, text: str) -> bool:
    """What remains of the quote, as the coordinator sent it; False where the words are for the questionnaire."""
    city = desk.city(waiting.detail["city"])
    allowed = picked(desk, caller, Verb.QUOTE, city_key(desk, caller, city, "quote", ""))
    found = None if allowed is None else _read(tx, desk, city, waiting.detail["answer"])
    kept = None if found is None else cutting.left_of(found.words, text)
    if kept is None and active_talk(tx, desk, caller.person) is not None:
        return False
    if found is None:
        pending.done(tx, caller.person.id)
        tell(tx, desk, caller, "err.stale_button")
    elif kept is None:
        tell(tx, desk, caller, "quote.added")
    elif len(words := cutting.cut_down(found.words, kept)) > cutting.LONGEST:
        tell(tx, desk, caller, "quote.still_long", found=len(words), most=cutting.LONGEST)
    else:
        detail = {"city": city.code, "answer": found.candidate.answer_id, "kept": kept}
        pending.wait_for(tx, caller.person.id, WAITING, detail, desk.now)
        yes, _, later, shorten = desk.texts.buttons("quote.ask", caller.language)
        acts = ((yes, "short"), (later, "later"), (shorten, "shorten"))
        row = tuple(_key(desk, caller, city, label, act, found.candidate.answer_id) for label, act in acts)
        _say(tx, desk, caller, found, desk.texts.say("quote.left", caller.language, words=words), (row,))
    return True


def _decide(tx: Tx, desk: Desk, caller: Caller, city: City, found: _Quotable, key: Key, act: str) -> None:
    """Keep what was chosen and put the next; what was chosen already is an old button."""
    words = _shortened(tx, desk, caller, found) if act == "short" else found.words
    verdict: Verdict = "no" if act == "no" else "yes"
    before = found.candidate
    may_be_told = words if verdict == "yes" else ""
    is_old = before.verdict == verdict and before.quoted == may_be_told
    if act not in ("yes", "no", "short") or not words or is_old:
        tell(tx, desk, caller, "err.stale_button")
        return
    if verdict == "yes" and len(words) > cutting.LONGEST:
        tell(tx, desk, caller, "quote.still_long", found=len(words), most=cutting.LONGEST)
        return
    settle(tx, desk, caller, str(key))
    if before.quoted and before.quoted != may_be_told:
        erasures.tell_without(tx, desk, quoted.take_out_words(tx, before.quoted))
    quotes.decide(tx, before, verdict, words, found.line, caller.person.id, desk.now)
    act_done = "quote_approved" if verdict == "yes" else "quote_refused"
    audit.note(tx, caller.person.id, act_done, city.code, f"answer {before.answer_id}", desk.now)
    if before.verdict is None:
        _put_next(tx, desk, caller, city, before.answer_id)
    else:
        tell(tx, desk, caller, "quote.changed")


def _shortened(tx: Tx, desk: Desk, caller: Caller, found: _Quotable) -> str:
    """The words that the coordinator left over; '' where that is not what is waited for."""
    waiting = pending.waiting_for(tx, caller.person.id, desk.now)
    if waiting is None or waiting.kind != WAITING or waiting.detail["answer"] != found.candidate.answer_id:
        return ""
    kept = waiting.detail.get("kept")
    if not kept:
        return ""
    pending.done(tx, caller.person.id)
    return cutting.cut_down(found.words, tuple((begin, end) for begin, end in kept))


def _put_next(tx: Tx, desk: Desk, caller: Caller, city: City, after: int) -> None:
    """The first answer behind this one that may be decided about; else that there is none."""
    marked, found = _marked(desk), quotes.undecided(tx, city.code, _marked(desk), after, _LOOKED_AT)
    while found:
        for candidate in found:
            if (readable := _readable(tx, desk, candidate)) is not None:
                _put(tx, desk, caller, city, readable)
                return
        found = quotes.undecided(tx, city.code, marked, found[-1].answer_id, _LOOKED_AT)
    earlier = _earlier_row(tx, desk, caller, city, _LAST)
    key = "quote.no_more" if after else "quote.none"
    tell(tx, desk, caller, key, (earlier,) if earlier else (), city=city.name)


def _put_earlier(tx: Tx, desk: Desk, caller: Caller, city: City, before: int) -> None:
    """What was chosen before, the newest first, to choose otherwise."""
    for candidate in quotes.decided(tx, city.code, _marked(desk), before, _LOOKED_AT):
        if (found := _readable(tx, desk, candidate)) is not None:
            _put(tx, desk, caller, city, found)
            return
    tell(tx, desk, caller, "quote.no_earlier")


def _put(tx: Tx, desk: Desk, caller: Caller, city: City, found: _Quotable) -> None:
    """One answer, with what can be chosen."""
    candidate = found.candidate
    yes, no, later, shorten = desk.texts.buttons("quote.ask", caller.language)
    is_long = len(found.words) > cutting.LONGEST
    offered = [(yes, "yes")] if candidate.verdict != "yes" and not is_long else []
    offered += [(no, "no")] if candidate.verdict != "no" else []
    below = [*([(later, "later")] if candidate.verdict is None else []), (shorten, "shorten")]
    rows = [
        tuple(_key(desk, caller, city, label, act, candidate.answer_id) for label, act in row)
        for row in (offered, below)
        if row
    ]
    before = _LAST if candidate.verdict is None else candidate.answer_id
    if earlier := _earlier_row(tx, desk, caller, city, before):
        rows.append(earlier)
    _say(tx, desk, caller, found, _words_of(desk, caller, found, is_long), tuple(rows))


def _words_of(desk: Desk, caller: Caller, found: _Quotable, is_long: bool) -> str:
    language, candidate = caller.language, found.candidate
    shown = candidate.quoted or found.words
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[:_LONGEST_SHOWN].rstrip() + "…"
    key = "quote.ask" if candidate.verdict is None else f"quoted.{candidate.verdict}"
    line = next((one.names[language] for one in desk.study.lines if one.code == found.line), "")
    told = desk.texts.say(
        key, language, question=found.question, words=shown, line=line or desk.texts.say("quote.all", language)
    )
    long = desk.texts.say("quote.long", language, most=cutting.LONGEST)
    return f"{told}\n\n{long}" if is_long and not candidate.quoted else told


def _earlier_row(tx: Tx, desk: Desk, caller: Caller, city: City, before: int) -> tuple[Button, ...]:
    """The button to what was chosen before; none where nothing was."""
    if not quotes.decided(tx, city.code, _marked(desk), before, 1):
        return ()
    (label,) = desk.texts.buttons("quote.none", caller.language)
    return (_key(desk, caller, city, label, "earlier", before),)


def _say(tx: Tx, desk: Desk, caller: Caller, found: _Quotable, text: str, rows: Rows) -> None:
    """With the session the words are from, so that erasing it takes the message, too."""
    outbox.write(tx, caller.urn, Say(text, rows), now=desk.now, session_id=found.candidate.session_id)


def _key(desk: Desk, caller: Caller, city: City, label: str, act: str, number: int) -> Button:
    return button(label, city_key(desk, caller, city, "quote", f"{act} {number}"))


def _marked(desk: Desk) -> Marked:
    return {form_hash: quotable(form) for form_hash, form in desk.forms.items()}


def _read(tx: Tx, desk: Desk, city: City, answer_id: int) -> _Quotable | None:
    candidate = quotes.by_answer(tx, city.code, _marked(desk), answer_id)
    return None if candidate is None else _readable(tx, desk, candidate)


def _readable(tx: Tx, desk: Desk, candidate: Candidate) -> _Quotable | None:
    """The answer in words without names and codes; None where it has none, or its question is no longer asked."""
    session = sessions.by_id(tx, candidate.session_id)
    if session is None or not candidate.words.strip():
        return None
    walk = talk_of(tx, desk, people.by_id(tx, candidate.person_id), session).now.walk
    if not walk.is_relevant(candidate.path):
        return None
    text = cutting.on_one_line(candidate.words)
    codes = (code for code in cutting.codes_in(text) if people.by_code(tx, code) is not None)
    names = chain.from_iterable(map(cutting.names_within, people.names(tx)))
    words = cutting.without(cutting.without_findings(text), chain(codes, names))
    question = walk.label(walk.question(candidate.path), session.language)
    return _Quotable(candidate, question, line_of(walk, candidate.path), words)
