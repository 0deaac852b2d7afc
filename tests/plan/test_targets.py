from datetime import date

import pytest

from muster.plan import operations as plan
from muster.plan import queries
from muster.plan.rows import Order, TargetRow
from muster.plan.words import Aim
from tests.plan.conftest import AN_LAM, AT, BY, HOP_TIEN, PROVINCE, bites, codes, events, new_id, sql, units

__all__ = ["units"]

DISTRICT = 294


def order_row(campaign, **more):
    told = {"id": new_id(), "campaign": campaign, "unit": PROVINCE, "number": "Kế hoạch 12/KH-CAT", "aim": Aim.RECEIVED}
    return Order(**told | {"given_on": date(2021, 4, 1), "deadline": date(2021, 6, 30)} | more)


@pytest.fixture
def order(campaign):
    row = order_row(campaign)
    assert plan.give_orders(orders=[row, row], by=BY, at=AT).done == [row.id] * 2
    return row.id


@pytest.fixture
def part(order, officers):
    """Return a function that makes a row of a target of the order, owned by the first officer."""

    def row(**more):
        told = {"id": new_id(), "order": order, "owner": officers[0].id, "base": 1000, "quantity": 900}
        return TargetRow(**told | {"deadline": date(2021, 6, 30)} | more)

    return row


def given(*rows):
    return plan.set_targets(targets=rows, by=BY, at=AT)


def test_a_target_goes_down_the_tree_to_crews_and_officers_and_the_sum_is_shown(part, order, officers, crews):
    top = part(unit=PROVINCE, quantity=988_200, base=1_460_000)
    district = part(unit=DISTRICT, parent=top.id, quantity=988_000)
    one, other = (
        part(unit=AN_LAM, parent=district.id, quantity=600),
        part(unit=HOP_TIEN, parent=district.id, quantity=500),
    )
    crew = part(crew=crews[0], parent=one.id, quantity=400)
    himself = part(officer=officers[3].id, parent=one.id, quantity=100, owner=officers[3].id)
    assert not given(top, district, one, other, crew, himself).refused
    told = queries.targets(order, depth=9)
    assert [(line.depth, line.unit_name or line.crew_name or line.officer_name) for line in told] == [
        (0, "province Hải Dương"), (1, "district Nam Sách"), (2, "commune An Lâm"), (3, "Tổ 1"), (3, "Nguyễn Văn An"),
        (2, "commune Hợp Tiến"),
    ]  # fmt: skip
    assert [(line.parts, line.parts_sum, line.missing) for line in told] == [
        (1, 988_000, 200), (2, 1_100, 986_900), (2, 500, 100), (0, 0, 0), (0, 0, 0), (0, 0, 0),
    ]  # fmt: skip
    assert {line.owner_name for line in told} == {"Nguyễn Văn An"}
    assert [line.state.id for line in queries.targets(order, within=[AN_LAM], depth=1)] == [one.id, crew.id, himself.id]
    assert [line.id for line in queries.orders_for(AN_LAM, [1, PROVINCE, DISTRICT, AN_LAM])] == [order]
    assert events("target") == ["set"] * 6


def test_parts_may_be_more_than_the_whole_and_nothing_is_cut(part, order):
    top = part(unit=PROVINCE)
    assert not given(top, part(unit=AN_LAM, parent=top.id, quantity=1_000)).refused
    assert queries.targets(order)[0].missing == -100


def test_what_is_wrong_is_refused_alone(part, order, officers, crews):
    top, low = part(unit=DISTRICT), part(unit=AN_LAM)
    rows = [
        top,
        low,
        part(unit=999),
        part(),
        part(unit=HOP_TIEN, crew=crews[0]),
        part(unit=AN_LAM),
        part(unit=HOP_TIEN, parent=low.id),
        part(unit=HOP_TIEN, parent=top.id, deadline=date(2021, 7, 1)),
        part(unit=HOP_TIEN, quantity=-1),
        part(unit=HOP_TIEN, owner=new_id()),
        part(unit=HOP_TIEN, order=new_id()),
        part(unit=HOP_TIEN, parent=new_id()),
        part(unit=1),
        part(crew=new_id()),
        part(unit=HOP_TIEN, parent=top.id),
    ]
    result = given(*rows)
    assert codes(result) == [
        (2, "unit_unknown"), (3, "holder_unclear"), (4, "holder_unclear"), (5, "has_target"), (6, "holder_outside"),
        (7, "later_than_above"), (8, "below_zero"), (9, "unknown_officer"), (10, "unknown_order"),
        (11, "unknown_target"), (12, "holder_outside"), (13, "unknown_crew"),
    ]  # fmt: skip
    assert result.done == [top.id, low.id, rows[14].id]


def test_a_target_changes_as_it_was_read(part, order, officers):
    row = part(unit=AN_LAM)
    given(row)
    more = part(id=row.id, unit=AN_LAM, quantity=950, owner=officers[1].id, version=1)
    assert given(more, more).done == [row.id] * 2
    assert codes(given(part(id=row.id, unit=AN_LAM, quantity=970, version=1))) == [(0, "changed_meanwhile")]
    assert codes(given(part(id=row.id, unit=HOP_TIEN, version=2))) == [(0, "id_taken")]
    assert codes(given(part(unit=HOP_TIEN, version=2))) == [(0, "unknown_target")]
    (line,) = queries.targets(order)
    assert (line.state.quantity, line.state.version, line.state.owner) == (950, 2, officers[1].id)
    assert events("target") == ["set", "change"]


def test_targets_are_taken_back_from_below(part, order):
    top = part(unit=DISTRICT)
    low = part(unit=AN_LAM, parent=top.id)
    given(top, low)
    assert codes(plan.drop_targets(targets={top.id: 1}, by=BY, at=AT)) == [(0, "has_parts")]
    assert codes(plan.drop_targets(targets={low.id: 2}, by=BY, at=AT)) == [(0, "changed_meanwhile")]
    assert not plan.drop_targets(targets={low.id: 1}, by=BY, at=AT).refused
    assert not plan.drop_targets(targets={top.id: 1, low.id: 1}, by=BY, at=AT).refused
    assert (queries.targets(order), events("target")) == ([], ["set", "set", "drop", "drop"])


def test_orders_that_say_nothing_are_refused(campaign, order):
    rows = [
        order_row(campaign, number=" "),
        order_row(campaign, deadline=date(2021, 3, 1)),
        order_row(new_id()),
        order_row(campaign, unit=999),
        order_row(campaign, id=order, number="Khác"),
    ]
    assert codes(plan.give_orders(orders=rows, by=BY, at=AT)) == [
        (0, "ends_before_given"), (1, "ends_before_given"), (2, "unknown_campaign"), (3, "unit_unknown"),
        (4, "id_taken"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ("unit_id = NULL", "plan_target_one_holder"),
        ("officer_id = owner_id", "plan_target_one_holder"),
        ("quantity = -1", "plan_target_figures"),
        ("order_id = %(other)s", "plan_target_parent_of_one_order"),
        ("parent_id = id", "plan_target_not_its_own_part"),
    ],
)
def test_the_database_itself_holds_targets(part, order, campaign, change, guard):
    other = order_row(campaign, number="Khác")
    plan.give_orders(orders=[other], by=BY, at=AT)
    top = part(unit=DISTRICT)
    given(top, part(unit=AN_LAM, parent=top.id))
    statement = f"UPDATE plan_target SET {change} WHERE unit_id = 1001".replace("%(other)s", f"'{other.id}'")
    bites(guard, lambda: sql(statement))
