from datetime import timedelta

import pytest

from muster.audit import queries as audit
from muster.capture import queries as dossiers
from muster.capture.rows import CaptureRecord
from muster.capture.words import State
from muster.kernel.actor import Purpose
from muster.kernel.numbers import Sex
from muster.people.models import Officer
from muster.processing import queries
from muster.processing.operations import check_dossiers
from muster.processing.words import Pair
from muster.register import queries as persons
from tests.register.conftest import HOP_TIEN
from tests.web.checking.conftest import AN_LAM, AT, MACHINE, browser, captures, page, person, received, taken, transfer

LATER = AT + timedelta(minutes=5)


def check(*rows):
    check_dossiers(dossiers=list(rows), by=MACHINE, at=LATER)


def state(dossier):
    return dossiers.states([dossier])[dossier].state


@pytest.fixture
def wrong(checker):
    """A woman whom the register calls a man."""
    citizen = taken(person("Lê Thị Mai", "1/3/1975", sex=Sex.MALE, number="030075123456"))
    dossier = received(citizen, corrections={"sex": "female", "birth": "02/03/1975"})
    check(dossier)
    return citizen, dossier


@pytest.fixture
def double(checker):
    """A man whom two hamlets have written down."""
    people = taken(
        person("Nguyễn Văn Hoà", "1/3/1975", number="030075000001"), person("Nguyễn Văn Hoà", "1/3/1975", unit=AN_LAM)
    )
    rows = [received(one) for one in people]
    check(*rows)
    return people, rows, queries.pairs_waiting([30], limit=5)[0].id


def test_the_queue_counts_by_kind_and_one_key_opens_the_next(wrong, checker):
    poor = taken(person("Bùi Thị Nhài", "5/5/1955", number="030055000001"))
    prints = captures(AT.date(), 46, rolled_left_thumb=CaptureRecord("rolled_left_thumb", 5))
    check(received(poor, captures=prints))
    text = page(checker, "/checking/")
    assert 'data-key="j"' in text
    for kind, count in {"all": 2, "differs": 1, "poor": 1, "suspect": 0, "overdue": 2, "pairs": 0}.items():
        tab = text.split(f'href="/checking/?kind={kind}"')[1].split("</a>")[0]
        assert f'<span class="soft small">{count}</span>' in tab, kind
    assert "Bùi Thị Nhài" in page(checker, "/checking/?kind=poor")
    assert "Lê Thị Mai" not in page(checker, "/checking/?kind=poor")
    answer = checker.get("/checking/next/?kind=differs")
    assert answer.headers["Location"] == f"/checking/{wrong[1]}/?kind=differs"
    assert (
        checker.get(f"/checking/next/?kind=differs&after={wrong[1]}").headers["Location"] == "/checking/?kind=differs"
    )


def test_the_queue_takes_the_same_questions_at_any_length(checker, django_assert_max_num_queries):
    check(*[received(one) for one in taken(*[person(f"Lê Văn {n}", f"{n}/3/1975", registered_unit=None)
                                             for n in ("1", "2", "3")])])  # fmt: skip
    with django_assert_max_num_queries(9):
        page(checker, "/checking/?kind=differs")


def test_a_dossier_and_a_pair_take_few_questions(double, checker, django_assert_max_num_queries):
    _, rows, pair = double
    with django_assert_max_num_queries(20):
        page(checker, f"/checking/{rows[0]}/")
    with django_assert_max_num_queries(18):
        page(checker, f"/checking/pairs/{pair}/")


def test_opening_a_dossier_is_a_look_for_checking_at_both(wrong, checker):
    citizen, dossier = wrong
    text = page(checker, f"/checking/{dossier}/")
    assert "Nốt ruồi dưới mắt trái" in text
    assert '<tr role="row" class="differs">' in text
    look = audit.latest(limit=1)[0]
    assert (look.action, look.purpose) == ("processing.open", Purpose.CHECK)
    assert [one.action for one in audit.looks_at("person", citizen.id, limit=1)] == ["processing.open"]


def test_a_correction_is_decided_field_by_field_and_the_number_then_holds_the_dossier(wrong, checker):
    citizen, dossier = wrong
    version = persons.states([citizen.id])[citizen.id].version
    form = {"version": version, "decide.sex": "apply", "decide.birth": "later", "paper": "GKS 12/1975"}
    assert "nothing_decided" in checker.post(f"/checking/{dossier}/corrections/", {"version": 1}).content.decode()
    assert checker.post(f"/checking/{dossier}/corrections/", form | {"version": 0}).status_code == 422
    assert checker.post(f"/checking/{dossier}/corrections/", form).status_code == 302
    held = persons.states([citizen.id])[citizen.id]
    assert (held.sex, str(held.birth.iso)) == (Sex.FEMALE, "1975-03-01")
    text = page(checker, f"/checking/{dossier}/")
    assert "mã giới tính khác" in text
    assert f'href="/register/{citizen.id}/"' in text
    assert "difference_open" in checker.post(f"/checking/{dossier}/accept/").content.decode()
    by_paper = {"version": held.version, "decide.birth": "apply", "value.birth": "03/03/1975",
                "was.birth": "02/03/1975", "paper": "GKS 12/1975"}  # fmt: skip
    assert checker.post(f"/checking/{dossier}/corrections/", by_paper).status_code == 302
    assert persons.states([citizen.id])[citizen.id].birth.iso == "1975-03-03"


def test_a_dossier_is_accepted_returned_or_refused_and_the_next_one_opens(checker):
    rows = taken(*[person(name, "5/5/1955", registered_unit=None) for name in ("Bùi Thị Nhài", "Bùi Thị Sen")])
    first, other = (received(one) for one in rows)
    check(first, other)
    back = {"mend": "paper_missing", "owner": "10609", "day": "20/05/2021", "version": 0, "kind": "differs"}
    answer = checker.post(f"/checking/{first}/return/", back)
    assert answer.headers["Location"] == f"/checking/next/?kind=differs&after={first}"
    held = dossiers.states([first])[first]
    assert (held.state, held.owner, held.answer_by.isoformat(), held.reason) == (
        State.RETURNED, AN_LAM, "2021-05-20", "paper_missing",
    )  # fmt: skip
    assert "not_a_reason" in checker.post(f"/checking/{other}/refuse/", {"ending": "likeness"}).content.decode()
    assert checker.post(f"/checking/{other}/refuse/", {"ending": "false_papers"}).status_code == 302
    assert state(other) is State.REFUSED


def test_poor_prints_are_accepted_by_who_has_looked(checker):
    poor = taken(person("Bùi Thị Nhài", "5/5/1955", number="030055000001"))
    prints = captures(AT.date(), 46, rolled_left_thumb=CaptureRecord("rolled_left_thumb", 5))
    dossier = received(poor, captures=prints)
    check(dossier)
    assert checker.post(f"/checking/{dossier}/accept/").status_code == 302
    assert state(dossier) is State.ACCEPTED


def test_two_people_are_decided_by_one_key_with_a_reason(double, checker):
    people, rows, pair = double
    text = page(checker, f"/checking/pairs/{pair}/")
    assert ('data-key="1"' in text, 'data-key="2"' in text) == (True, True)
    assert text.count("Nguyễn Văn Hoà") >= 4
    looks = [one.action for person in people for one in audit.looks_at("person", person.id, limit=1)]
    assert looks == ["processing.open_pair"] * 2
    assert "decided_by_a_person" in checker.post(f"/checking/pairs/{pair}/", {"answer": "two"}).content.decode()
    assert checker.post(f"/checking/pairs/{pair}/", {"answer": "two", "why": "Gặp cả hai"}).status_code == 302
    assert queries.pair(pair).state is Pair.TWO_PEOPLE
    assert [dossiers.states([row])[row].suspect_duplicate for row in rows] == [False, False]
    assert "Gặp cả hai" in page(checker, f"/checking/pairs/{pair}/")
    reopen = f"/checking/pairs/{pair}/reopen/"
    assert f'action="{reopen}"' in page(checker, f"/checking/pairs/{pair}/")
    assert "decided_by_a_person" in checker.post(reopen, {"why": " "}).content.decode()
    assert checker.post(reopen, {"why": "Bấm nhầm"}).status_code == 302
    text = page(checker, f"/checking/pairs/{pair}/")
    assert ("Được hỏi lại: Bấm nhầm" in text, 'data-key="1"' in text, reopen in text) == (True, True, False)
    assert "not_reopened" in checker.post(reopen, {"why": "Lần nữa"}).content.decode()


def test_a_merge_is_asked_here_allowed_by_another_checker_and_carried_out_here(double, checker):
    people, rows, pair = double
    answer = {"answer": "one", "why": "Cùng giấy khai sinh", "gone": str(people[1].id)}
    assert checker.post(f"/checking/pairs/{pair}/", answer).headers["Location"] == f"/checking/pairs/{pair}/"
    approval = queries.pair(pair).approval
    assert "approval_not_granted" in checker.post(f"/checking/pairs/{pair}/merge/").content.decode()
    name = Officer.objects.filter(username__startswith="demo.checker").exclude(username="demo.checker").get().username
    lan = browser(name.removeprefix("demo."))
    shown = page(lan, f"/approvals/{approval}/")
    assert f"/checking/pairs/{pair}/" in shown
    assert f"/approvals/{approval}/" in page(lan, f"/checking/pairs/{pair}/")
    assert lan.post(f"/approvals/{approval}/", {"answer": "grant"}).status_code == 302
    assert checker.post(f"/checking/pairs/{pair}/merge/").status_code == 302
    assert (queries.pair(pair).state, state(rows[1])) == (Pair.MERGED, State.WITHDRAWN)


@pytest.mark.parametrize("role", ["crew", "desk_lead", "commander", "volunteer", "auditor"])
def test_nobody_but_a_checker_opens_the_checks(wrong, role):
    client = browser(role)
    for address in ("/checking/", f"/checking/{wrong[1]}/", "/checking/next/"):
        assert client.get(address).status_code == 403
    assert "/checking/" not in page(client, "/")
    assert client.post(f"/checking/{wrong[1]}/accept/").status_code == 403


def test_a_checker_of_another_commune_is_told_nothing(double, demo):
    _, rows, pair = double
    transfer("checker", HOP_TIEN)
    client = browser("checker")
    for address in (f"/checking/{rows[0]}/", f"/checking/pairs/{pair}/"):
        assert "nothing_here" in client.get(address).content.decode()
    assert "Nguyễn Văn Hoà" not in page(client, "/checking/")
    assert client.post(f"/checking/{rows[0]}/refuse/", {"ending": "died"}).status_code == 403
    assert client.post(f"/checking/pairs/{pair}/", {"answer": "two", "why": "x"}).status_code == 403
    assert state(rows[0]) is State.RECEIVED


def test_both_languages_say_everything(wrong, double, checker):
    checker.cookies["language"] = "en"
    for address in ("/checking/", "/checking/?kind=pairs", f"/checking/{wrong[1]}/", f"/checking/pairs/{double[2]}/"):
        assert "checking." not in page(checker, address).replace('href="/checking', "")
