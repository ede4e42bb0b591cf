"""Who may do what, and the codes and tokens people get."""

from random import Random

import pytest

from fieldwork.people import CODE_SIGNS, MAY, Grant, Person, Role, Verb, cities_for, may, new_code, new_token

CITIES = ("leiden", "utrecht", "almere")


def person(*grants: Grant, standing: str = "taking_part") -> Person:
    return Person(1, "K7M4", "nl", "after", standing, None, grants)


def test_every_role_stands_in_the_table() -> None:
    assert set(MAY) == {None, *Role}


def test_a_coordinator_may_only_in_their_own_city() -> None:
    noor = person(Grant(Role.COORDINATOR, "leiden"))
    assert may(noor, Verb.EXPORT, "leiden")
    assert not may(noor, Verb.EXPORT, "utrecht")
    assert may(noor, Verb.EXPORT)


OF_FIELDWORKERS = (Verb.OWN_WORDS, Verb.REFLECT, Verb.ENQUIRE, Verb.OWN_AFFAIRS)


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in OF_FIELDWORKERS])
def test_a_fieldworker_may_do_nothing_but_reflect_and_ask(verb: Verb) -> None:
    fatima = person(Grant(Role.FIELDWORKER, "leiden"))
    assert all(may(fatima, one, "leiden") for one in OF_FIELDWORKERS)
    assert not may(fatima, verb, "leiden")
    assert not may(fatima, verb)


def test_nobody_without_a_role_may_anything_but_see_to_what_is_their_own() -> None:
    allowed = {verb for verb in Verb for city in ("", "leiden") if may(person(), verb, city)}
    assert allowed == {Verb.OWN_AFFAIRS}


def test_an_investigator_has_digest_and_workbook_everywhere_and_no_photos() -> None:
    eva = person(Grant(Role.INVESTIGATOR, line="L2"))
    assert may(eva, Verb.DIGEST, "leiden")
    assert may(eva, Verb.EXPORT, "leiden")
    assert not may(eva, Verb.EXPORT_FILES, "leiden")
    assert eva.lines() == ("L2",)


def test_several_roles_add_up() -> None:
    both = person(
        Grant(Role.COORDINATOR, "utrecht"), Grant(Role.COORDINATOR, "leiden"), Grant(Role.FIELDWORKER, "almere")
    )
    assert cities_for(both, Verb.PLAN, CITIES) == ("leiden", "utrecht")
    assert cities_for(both, Verb.REFLECT, CITIES) == ("almere",)
    assert both.roles() == {Role.COORDINATOR, Role.FIELDWORKER}


def test_only_who_said_yes_and_did_not_stop_takes_part() -> None:
    standings = ("invited", "taking_part", "declined", "withdrawn")
    amina = Grant(Role.FIELDWORKER, "utrecht")
    assert [person(amina, standing=one).is_taking_part for one in standings] == [False, True, False, False]
    assert not person(Grant(Role.COORDINATOR, "utrecht")).is_taking_part


def test_codes_are_four_signs_that_read_as_no_other_and_spell_no_word() -> None:
    codes = {new_code(Random(seed)) for seed in range(500)}
    assert len(codes) > 490
    assert all(len(code) == 4 and set(code) <= set(CODE_SIGNS) for code in codes)
    assert not set(CODE_SIGNS) & set("AEIOU01S5")


def test_a_token_has_128_bits_and_fits_a_link() -> None:
    tokens = [new_token(Random(seed)) for seed in range(200)]
    assert len(set(tokens)) == 200
    assert all(len(token) == 32 and set(token) <= set("0123456789abcdef") for token in tokens)
    assert {bit for token in tokens for bit in range(128) if int(token, 16) >> bit & 1} == set(range(128))
