from datetime import timedelta

from muster.capture.words import State
from muster.events import queries as journal
from muster.processing import queries
from muster.processing.queries import Waiting
from muster.rehearsal import checks
from tests.register.conftest import AN_LAM, AT, HOP_TIEN, PROVINCE, units  # noqa: F401


def test_the_cases_of_the_demonstration_wait_each_for_its_reason(units):  # noqa: F811
    checks.few(home=AN_LAM, elsewhere=HOP_TIEN, at=AT)
    assert queries.how_many([PROVINCE], on=AT.date()) == {
        Waiting.ALL: 8, Waiting.DIFFERS: 3, Waiting.SUSPECT: 3, Waiting.POOR: 2, Waiting.OVERDUE: 1,
    }  # fmt: skip
    waiting = queries.queue([PROVINCE], Waiting.ALL, on=AT.date(), limit=20)
    assert waiting[0].name == "Đỗ Thị Lụa"  # the earliest day of readiness first
    assert {line.name for line in waiting if line.suspect} == {"Trần Minh Anh", "Trần Minh Ánh", "Nguyễn Văn Khuê"}
    accepted = journal.count(unit=PROVINCE, metrics=[("dossier", State.ACCEPTED.value)])
    assert accepted == 2


def test_the_next_one_goes_round(units):  # noqa: F811
    checks.few(home=AN_LAM, elsewhere=HOP_TIEN, at=AT)
    on = AT.date() + timedelta(days=1)
    order = [line.dossier for line in queries.queue([PROVINCE], Waiting.ALL, on=on, limit=20)]
    seen = [order[0]]
    for _ in order:
        (line,) = queries.queue([PROVINCE], Waiting.ALL, on=on, limit=1, after=seen[-1])
        seen.append(line.dossier)
    assert seen == [*order, order[0]]
