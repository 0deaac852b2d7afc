"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from muster.card.models import Batch, Card, Handover
from tests.card.conftest import AT, arrived, handed, made


def refused(name, do):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        do()


def changed(card, **columns):
    return lambda: Card.objects.filter(id=card).update(**columns)


@pytest.fixture
def card(dossier):
    return arrived(*made(dossier))[0]


def copy_of(card, **columns):
    """Return what writes another row like a card."""
    row = Card.objects.values().get(id=card)
    from muster.kernel.ids import new_id

    return lambda: Card.objects.create(**(row | {"id": new_id()} | columns))


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("card_card_state", {"state": "lost"}),
        ("card_card_type", {"type": "passport"}),
        ("card_card_number", {"number": "03007512345"}),
        ("card_card_for_a_reason", {"state": "rejected"}),
        ("card_card_for_a_reason", {"state": "undelivered"}),
        ("card_card_for_a_reason", {"state": "taken_back"}),
        ("card_card_arrived", {"arrived_at": None}),
        ("card_card_days", {"expires_on": "2021-05-08"}),
    ],
)
def test_a_card_is_refused(card, name, columns):
    refused(name, changed(card, **columns))


def test_a_dossier_has_one_card_that_is_not_scrapped_and_a_place_holds_one(card):
    refused("card_card_one_of_a_dossier", copy_of(card, place=2))
    refused("card_card_place", copy_of(card, state="rejected", reason="blurred"))
    copy_of(card, place=2, state="rejected", reason="blurred")()


def test_a_person_holds_one_card(card, farmer):
    from muster.capture.models import Dossier
    from muster.kernel.ids import new_id

    handed(card)
    row = Dossier.objects.values().get(id=Card.objects.get(id=card).dossier_id)
    other = Dossier.objects.create(**(row | {"id": new_id()}))
    refused("card_card_one_in_the_hand", copy_of(card, place=2, dossier_id=other.id))


def test_a_batch_is_refused(card):
    batch = Batch.objects.filter(no=1)
    refused("card_batch_size", lambda: batch.update(size=0))
    refused("card_batch_type", lambda: batch.update(type="x"))
    refused("card_batch_delivered_after_made", lambda: batch.update(delivered_at="2020-01-01T00:00:00Z"))
    row = batch.values().get()
    from muster.kernel.ids import new_id

    refused("card_batch_no", lambda: Batch.objects.create(**(row | {"id": new_id()})))


def test_a_hand_over_is_refused(card):
    handed(card)
    row = Handover.objects.filter(card_id=card)
    refused("card_handover_check", lambda: row.update(check_done="glance"))
    refused("card_handover_old_card", lambda: row.update(old_card="eaten"))
    refused("card_handover_taker", lambda: row.update(ground="minor"))
    refused("card_handover_taker", lambda: row.update(sealed=b"x"))
    refused("card_handover_card", lambda: Handover.objects.create(
        card_id=card, at=AT, unit_id=row.get().unit_id, check_done="face", old_card="none"))  # fmt: skip


def test_a_card_of_the_register_ends_on_a_day_for_a_reason(card, farmer):
    from muster.register.models import Card as RegisterCard

    handed(card)
    row = RegisterCard.objects.filter(id=card)
    refused("register_card_ended", lambda: row.update(ended="replaced"))
    refused("register_card_ended", lambda: row.update(ended_on="2021-05-09"))
    refused("register_card_ended", lambda: row.update(ended_on="2021-05-09", ended="eaten"))
