import pytest

from muster.law.duty import Channel, NotDue
from muster.law.facts import Certainty, Doubt
from muster.law.grounds import Ground, Kind, Obligation
from muster.register.sensitive import SEEN_BY
from muster.ui.texts import catalogue
from muster.web.register.words import ENUMS

TABLES = {**ENUMS, "ground": Ground, "not_due": NotDue, "field": SEEN_BY}
PARTS = {"kind": Kind, "doubt": Doubt, "channel": Channel}


@pytest.mark.parametrize("table", TABLES)
def test_every_code_of_the_law_and_the_register_has_words(table):
    assert {f"register.{table}.{code or 'unknown'}" for code in TABLES[table]} - set(catalogue()) == set()


def test_every_answer_of_the_law_has_words():
    told = {f"register.due.{part}_{code}" for part, codes in PARTS.items() for code in codes}
    told |= {f"register.due.{sure}_{duty}" for sure in Certainty if sure is not Certainty.NO for duty in Obligation}
    assert told - set(catalogue()) == set()
