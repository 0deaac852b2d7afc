import argparse
from datetime import date

import pytest

from muster.config.cli import survey
from muster.kernel.errors import Refusal
from muster.survey import queries
from tests.survey.conftest import PROVINCE

AN_LAM = "10609"


def run(*words):
    parser = argparse.ArgumentParser()
    survey.add_to(parser.add_subparsers())
    arguments = parser.parse_args(["survey", *words])
    arguments.command(arguments)


def test_a_campaign_is_opened_once_and_its_unit_surveyed(people, capsys):
    for _ in range(2):
        run("--unit", "30", "--campaign", "Đợt 1", "--first", "2021-05-01", "--last", "2021-06-30")
    (line,) = queries.campaigns()
    assert (line.name, line.unit, line.ends) == ("Đợt 1", PROVINCE, date(2021, 7, 1))
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "  8 people of province Hải Dương: 5 due, 3 not"
    assert told[1:3] == ["               2 under_age", "               1 card_good"]
    assert told[3].startswith("  5 found; ")
    assert told[7].startswith("  nothing has changed; ")


def test_a_part_of_a_campaign_that_is_there_is_surveyed(campaign, people, capsys):
    run("--unit", AN_LAM, "--campaign", "Hải Dương 2021")
    assert capsys.readouterr().out.startswith("  7 people of commune An Lâm: 4 due, 3 not\n")


def test_a_unit_that_is_not_there_is_refused(units):
    with pytest.raises(Refusal) as refused:
        run("--unit", "99", "--campaign", "Đợt 1")
    assert refused.value.code == "unknown_unit"
    assert queries.campaigns() == []
