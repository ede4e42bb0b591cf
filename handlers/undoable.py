"""Every kind of change that can be taken back, and how; `undoing.py` says what a way back is."""

from collections.abc import Mapping

from fieldwork.people import Verb
from handlers.people import memberchanges, openinvitations
from handlers.undoing import Way
from handlers.workshops import planundo, settling

WAYS: Mapping[str, Way] = {
    "workshop_planned": Way(Verb.PLAN, planundo.unplan),
    "workshop_moved": Way(Verb.PLAN, planundo.move_back),
    "team_changed": Way(Verb.PLAN, planundo.take_team_back),
    "workshop_cancelled": Way(Verb.PLAN, planundo.uncancel),
    "invitation_revoked": Way(Verb.INVITE, openinvitations.unrevoke),
    "role_changed": Way(Verb.INVITE, memberchanges.back),
    "city_changed": Way(Verb.INVITE, memberchanges.back),
    "deactivated": Way(Verb.INVITE, memberchanges.back),
    "reactivated": Way(Verb.INVITE, memberchanges.back),
    "workshop_settled": Way(Verb.PLAN, settling.unsettle),
}
"""By the audit's word for the change."""
