import re

import pytest
from django.db import connection

from muster.config.cli import main

pytestmark = pytest.mark.django_db
MAKE = ["people", "make", "--unit", "300", "--scale", "1/1000", "--on", "2021-05-08"]


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_people_are_made_from_nothing_and_a_second_time_passed_over(capsys):
    assert main(MAKE) == 0
    told = capsys.readouterr().out
    assert "  people of 300 on 2021-05-08, scale 0.001, seed 2021\n" in told
    assert "  138 people are there, 138 of them new, in 152 new hamlets\n" in told
    assert re.search(r"  [0-9.]+ s, [0-9,]+ people a second\n$", told)
    assert main(MAKE) == 0
    assert "  138 people are there, 0 of them new, in 0 new hamlets\n" in capsys.readouterr().out
    assert main([*MAKE, "--seed", "0"]) == 0
    assert "seed 0\n" in capsys.readouterr().out
    assert count("register_person") == 276


def test_what_cannot_be_made_is_refused_with_its_code(capsys):
    for change, code in (
        (["--unit", "99999"], "unknown_unit"),
        (["--unit", "498"], "no_census"),
        (["--scale", "1.5"], "scale_out_of_bounds"),
        (["--on", "2121-05-08"], "day_ahead"),
        (["--seed=-1"], "seed_out_of_bounds"),
    ):
        assert main([*MAKE, *change]) == 1
        assert capsys.readouterr().err.rstrip().endswith(f"[{code}]")
    assert count("register_person") == 0


def test_without_a_day_people_are_as_on_the_campaigns_today(capsys):
    assert main(["people", "make", "--unit", "11239", "--scale", "0.001"]) == 0
    assert "45 people are there" in capsys.readouterr().out  # a commune of today: 45,388 people


@pytest.mark.parametrize("change", [["--scale", "much"], ["--on", "8/5/2021"], ["--seed", "x"]])
def test_what_cannot_be_read_is_said_before_anything_starts(capsys, change):
    with pytest.raises(SystemExit, match="2"):
        main([*MAKE, *change])
    assert f"argument {change[0]}: invalid" in capsys.readouterr().err
