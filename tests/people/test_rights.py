"""Rights hold inside the subtree, for the purpose, by the role; and for nobody else."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muster.kernel.actor import Purpose
from muster.people import rights
from muster.people.rights import FIELDS, GLASS_ACTIONS, RIGHTS, TERMS, Grants, NotAllowed, may
from muster.people.words import ApprovalKind, Field, Kind, Role
from tools.rights import PAGE, render

WHO = UUID("01980000-0000-7000-8000-000000000001")
COMMUNE = (1, 2, 30)

# a tree of 40 units in which unit n stands below n // 3: root 0
units = st.integers(0, 39)
actions = st.sampled_from(sorted(RIGHTS))
purposes = st.sampled_from(list(Purpose))
held = st.lists(st.tuples(st.sampled_from(list(Role)), units), max_size=6).map(tuple)


def path(unit: int) -> tuple[int, ...]:
    return (*path(unit // 3), unit) if unit else (0,)


def officer(*roles: tuple[Role, int], glass: tuple[int, ...] = (), kind: Kind = Kind.OFFICER) -> Grants:
    return Grants(WHO, kind, 30, roles, glass)


@given(held, actions, units, purposes)
def test_no_right_without_a_role_held_at_the_unit_or_above(roles, action, unit, purpose):
    assume(not any(above in path(unit) for _, above in roles))
    assert not may(officer(*roles), action, path(unit), purpose)
    assert rights.fields(officer(*roles), path(unit), purpose) == frozenset()


@given(held, actions, units, purposes)
def test_a_right_is_the_tables_and_reaches_down(roles, action, unit, purpose):
    by_table = any(
        purpose in RIGHTS[action].get(role, ()) and above in path(unit) and role is not Role.VOLUNTEER
        for role, above in roles
    )
    by_table = by_table and not (purpose is Purpose.BREAK_GLASS and action in GLASS_ACTIONS)
    assert may(officer(*roles), action, path(unit), purpose) == by_table
    if by_table:
        assert all(may(officer(*roles), action, path(below), purpose) for below in range(40) if unit in path(below))


@given(held, actions, units, purposes, st.lists(units).map(tuple))
def test_a_volunteer_never_sees_the_register_whatever_the_tables_hold(roles, action, unit, purpose, glass):
    volunteer = officer(*roles, glass=glass, kind=Kind.VOLUNTEER)
    if action != "lists.read":
        assert not may(volunteer, action, path(unit), purpose)
    assert rights.fields(volunteer, path(unit), purpose) == frozenset()


@given(held, units, purposes)
def test_sensitive_fields_come_by_role_and_purpose_alone(roles, unit, purpose):
    reaching = {role for role, above in roles if above in path(unit)}
    expected = {field for role in reaching for field in FIELDS.get(role, {}).get(purpose, ())}
    seen = rights.fields(officer(*roles), path(unit), purpose)
    assert seen == expected
    assert bool(seen) == may(officer(*roles), "register.read_sensitive", path(unit), purpose)


@given(held, actions, purposes)
def test_more_roles_never_take_a_right_away(roles, action, purpose):
    for kept in range(len(roles)):
        less = rights.scope(officer(*roles[:kept]), action, purpose)
        assert less <= rights.scope(officer(*roles), action, purpose)


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.PLANNER, Role.TECHNICIAN, Role.ADMINISTRATOR, Role.VOLUNTEER])
def test_who_counts_plans_mends_or_administers_looks_at_no_citizen(role):
    grants = officer((role, 1), kind=Kind.VOLUNTEER if role is Role.VOLUNTEER else Kind.OFFICER)
    for action in RIGHTS:
        if action.startswith("register.") or action == "export.bulk":
            assert rights.purposes(grants, action, COMMUNE) == frozenset(), action


def test_crew_looks_up_to_capture_and_not_to_count():
    crew = officer((Role.CREW, 2))
    assert may(crew, "register.look_up", COMMUNE, Purpose.CAPTURE)
    assert not may(crew, "register.look_up", COMMUNE, Purpose.COMMAND)
    assert not may(crew, "register.look_up", (1, 3, 31), Purpose.CAPTURE)
    assert not may(crew, "register.look_up", (1,), Purpose.CAPTURE)
    assert Field.BIOMETRICS not in rights.fields(crew, COMMUNE, Purpose.CAPTURE)
    assert rights.fields(crew, COMMUNE, Purpose.ISSUE) == {Field.PHONE}


def test_stored_biometrics_are_seen_by_checkers_alone():
    seeing = {role for role, sight in FIELDS.items() for fields in sight.values() if Field.BIOMETRICS in fields}
    assert seeing == {Role.CHECKER}


def test_broken_glass_opens_one_subtree_for_looking_and_for_that_purpose_only():
    grants = officer((Role.CREW, 30), glass=(4,))
    there = (1, 4, 40)
    assert may(grants, "register.look_up", there, Purpose.BREAK_GLASS)
    assert rights.fields(grants, there, Purpose.BREAK_GLASS) == rights.GLASS_FIELDS
    assert not may(grants, "register.look_up", there, Purpose.CAPTURE)
    assert not may(grants, "register.correct", there, Purpose.BREAK_GLASS)
    assert not may(grants, "register.look_up", COMMUNE, Purpose.BREAK_GLASS)


def test_an_unknown_action_is_a_mistake_and_not_a_no():
    with pytest.raises(KeyError):
        may(officer(), "register.everything", COMMUNE, Purpose.COMMAND)


def test_a_refusal_names_the_action():
    with pytest.raises(NotAllowed) as refused:
        rights.require(officer((Role.PLANNER, 1)), "register.look_up", COMMUNE, Purpose.COMMAND)
    assert refused.value.code == "not_allowed"
    assert "(register.look_up)" in refused.value.text("vi")


def test_every_act_of_two_people_has_askers_deciders_and_terms():
    for kind in ApprovalKind:
        assert RIGHTS[f"{kind}.ask"]
        assert RIGHTS[f"{kind}.decide"]
        assert timedelta() < TERMS[kind].to_use <= TERMS[kind].to_decide


def test_the_page_shows_the_tables_as_they_are():
    assert PAGE.read_text(encoding="utf-8") == render(), "run: python -m tools.rights"
