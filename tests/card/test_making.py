"""Accepted dossiers become print batches: what is on each card, how they are parted, who is refused."""

from datetime import date

from muster.card import queries
from muster.card.data import qr_text, sides
from muster.card.operations import make_batches
from muster.card.words import State
from muster.events.queries import life
from muster.kernel.actor import Actor, Purpose
from muster.kernel.ids import new_id
from muster.law.cards import CardType
from muster.law.duty import Nationality
from muster.law.layouts import Item
from muster.register.operations import erase_sensitive
from muster.register.sensitive import Relative, Sensitive
from tests.card.conftest import (
    AFTER_2024,
    AN_LAM,
    AT,
    CENTRE,
    DESK,
    ELSEWHERE,
    HOP_TIEN,
    accepted,
    born_since,
    intake,
    line,
    made,
    person,
    printed,
    refusals,
    taken,
)


def printed_on(card):
    """Return what is printed on a card."""
    (data,) = queries.printed_on([card])
    return data


def test_a_card_says_what_the_register_and_the_packet_say(units):
    sensitive = Sensitive(address="Xóm 2", relatives=(Relative(role="father", name="Nguyễn Văn Cha"),))
    row = person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456", old_numbers=("141234567",), native_unit=HOP_TIEN,
                 sensitive=sensitive)  # fmt: skip
    (card,) = made(accepted(taken(row)))
    data = printed_on(card)
    assert (data.type, data.issued_on, data.expires_on) == (CardType.CCCD_CHIP, date(2021, 5, 8), date(2035, 3, 1))
    assert data.native_place == "Hợp Tiến, Nam Sách, Hải Dương"
    assert data.residence == "Xóm 2, hamlet An Lễ, An Lâm, Nam Sách, Hải Dương"
    assert (data.traits, data.birth_place, data.parents) == ("Nốt ruồi dưới mắt trái", "", ())
    assert qr_text(data).startswith("030075123456|141234567|Nguyễn Văn Hoà|01031975|Nam|Xóm 2, hamlet An Lễ")
    found = line(card)
    assert (found.state, found.unit, found.serial, found.place) == (State.PRINTING, AN_LAM, "000001-001", 1)


def test_a_card_of_2024_has_no_traits_but_the_place_of_registration(units):
    row = taken(person("Nguyễn Văn Hoà", "1/3/1975", number="030075123456"))
    (card,) = made(accepted(row, at=AFTER_2024, age=49), at=AFTER_2024)
    data = printed_on(card)
    assert (data.type, data.traits, data.native_place) == (CardType.CAN_CUOC, "", "")
    assert data.birth_place == "An Lâm, Nam Sách, Hải Dương"


def test_who_has_no_nationality_gets_a_certificate_in_a_batch_of_its_own(units):
    told = {"nationality": Nationality.UNDETERMINED, "resident_since": date(2023, 1, 1)}
    stateless = born_since(person("Sok Chan", "1/3/1984", number="030084123456", **told))
    citizen = taken(person("Trần Văn Bảy", "1/3/1984", number="030084123457"))
    dossiers = [accepted(one, at=AFTER_2024, age=40) for one in (stateless, citizen)]
    paper, card = made(*dossiers, at=AFTER_2024)
    data = printed_on(paper)
    assert (data.type, data.nationality, data.expires_on) == (CardType.IDENTITY_CERTIFICATE, "", None)
    assert (printed_on(card).type, line(card).expires_on) == (CardType.CAN_CUOC, date(2044, 3, 1))
    assert line(paper).batch != line(card).batch
    front, back = sides(data)
    assert (front[Item.NUMBER], front[Item.NAME], back) == ("030084123456", "SOK CHAN", {})
    assert not {Item.NATIONALITY, Item.EXPIRES_ON} & set(front)


def test_a_birth_known_by_the_year_expires_on_the_last_day_it_can_be_and_old_age_never(units):
    vague = taken(person("Trần Văn Bảy", "1980", number="030080123456"))
    old = taken(person("Trần Văn Cụ", "1950", number="030050123456"))
    cards = made(accepted(vague, age=41), accepted(old, age=71))
    assert [line(card).expires_on for card in cards] == [date(2040, 12, 31), None]


def test_batches_hold_one_unit_and_no_more_than_their_size(units):
    dossiers = [accepted(taken(person(f"Lê Văn {i}", "1980", number=f"03008000000{i}")), age=41) for i in range(5)]
    cards = made(*dossiers, size=2)
    batches = queries.batches(1, limit=10)
    assert sorted((one.no, one.size, one.unit, one.printing) for one in batches) == [
        (1, 2, AN_LAM, 2), (2, 2, AN_LAM, 2), (3, 1, AN_LAM, 1),
    ]  # fmt: skip
    assert [line(card).serial for card in cards] == [
        "000001-001", "000001-002", "000002-001", "000002-002", "000003-001",
    ]  # fmt: skip
    assert [(event.kind, event.move) for event in life(batches[0].id)] == [("card_batch", "made")]


def test_made_again_nothing_is_made_twice(dossier):
    (card,) = made(dossier)
    again = make_batches(dossiers=[dossier, dossier], grants=None, by=CENTRE, at=AT)
    assert (again.batches, again.cards, again.refused) == ([], 0, [])
    assert queries.of_dossiers([dossier])[dossier].id == card


def test_what_waits_for_print(dossier):
    assert queries.to_print(1, limit=10) == [dossier]
    assert [(unit, count) for unit, count, _ in queries.waiting_units(1)] == [(AN_LAM, 1)]
    made(dossier)
    assert queries.to_print(1, limit=10) == []
    assert queries.waiting_units(1) == []


def test_who_gets_no_card_is_refused_and_the_others_are_kept(dossier, units):
    from muster.capture.operations import receive
    from muster.kernel.dates import PartialDate
    from muster.register.operations import LifeChange, record_life_events
    from muster.register.words import LifeEventKind
    from tests.card.conftest import CREW

    numberless = accepted(taken(person("Bùi Văn Không", "1980")), age=41)
    dead = taken(person("Bùi Văn Mất", "1980", number="030080000009"))
    gone = accepted(dead, age=41)
    death = LifeChange(person=dead.id, kind=LifeEventKind.DIED, on=PartialDate.of(AT.date()))
    assert not record_life_events(events=[death], grants=None, by=DESK, at=AT).refused
    erased = taken(person("Bùi Văn Xoá", "1980", number="030080000008"))
    blank = accepted(erased, age=41)
    erase_sensitive(persons=[erased.id], grants=None, by=DESK, at=AT)
    waiting = intake(taken(person("Bùi Văn Chờ", "1980", number="030080000007")), age=41)
    assert not receive(intakes=[waiting], by=CREW, at=AT).refused
    unknown = new_id()
    result = make_batches(
        dossiers=[numberless, gone, dossier, blank, waiting.id, unknown], grants=None, by=CENTRE, at=AT
    )
    assert result.cards == 1
    assert refusals(result) == [
        (0, "no_number"), (1, "holder_gone"), (3, "data_erased"), (4, "not_accepted"), (5, "unknown_dossier"),
    ]  # fmt: skip


def test_another_commune_prints_nothing_of_this_one(dossier):
    assert refusals(make_batches(dossiers=[dossier], grants=None, by=ELSEWHERE, at=AT)) == [(0, "outside_unit")]


def test_no_card_was_printed_at_that_age_or_day(units):
    from datetime import datetime

    from muster.kernel.clock import ZONE

    early = datetime(2020, 12, 1, tzinfo=ZONE)
    row = accepted(taken(person("Lê Văn Sớm", "1980", number="030080000006")), age=41)
    by = Actor(officer=None, unit=1, purpose=Purpose.ISSUE)
    assert refusals(make_batches(dossiers=[row], grants=None, by=by, at=early)) == [(0, "no_law_in_force")]


def test_what_was_printed_opens_no_more_once_the_holder_is_erased(dossier, farmer):
    (card,) = printed(*made(dossier))
    erase_sensitive(persons=[farmer.id], grants=None, by=DESK, at=AT)
    assert queries.printed_on([card]) == [None]
