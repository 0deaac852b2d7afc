"""The lives of kits, sessions, appointments and absences, as tables: a move that is not here does not exist.

The name of a move is the name of its event in the journal; absences are told in the audit alone.
"""

from collections.abc import Mapping

from muster.kernel.errors import Refusal
from muster.plan.words import AbsenceState as B
from muster.plan.words import AppointmentState as A
from muster.plan.words import KitState as K
from muster.plan.words import SessionState as S

Table = Mapping[str, tuple[frozenset[str], str]]  # move: from which states, to which


class WrongState(Refusal):
    """The thing is not where this move starts."""

    code = "wrong_state"
    vi = "Đang ở trạng thái “{state}”, không thể thực hiện bước “{move}”."
    en = "It is {state}; “{move}” does not start there."


def _from(*states: str) -> frozenset[str]:
    return frozenset(states)


KIT_MOVES: Table = {
    "break": (_from(K.READY), K.BROKEN),
    "mend": (_from(K.BROKEN), K.READY),
    "retire": (_from(K.READY, K.BROKEN), K.RETIRED),
}
SESSION_MOVES: Table = {
    "start": (_from(S.PLANNED), S.RUNNING),
    "finish": (_from(S.PLANNED, S.RUNNING), S.DONE),
    "cancel": (_from(S.PLANNED, S.RUNNING), S.CANCELLED),
}
APPOINTMENT_MOVES: Table = {
    "rebook": (_from(A.BOOKED, A.TO_REBOOK, A.MISSED), A.BOOKED),
    "displace": (_from(A.BOOKED), A.TO_REBOOK),
    "keep": (_from(A.BOOKED, A.TO_REBOOK, A.MISSED), A.KEPT),
    "miss": (_from(A.BOOKED), A.MISSED),
    "cancel": (_from(A.BOOKED, A.TO_REBOOK, A.MISSED), A.CANCELLED),
}
ABSENCE_MOVES: Table = {
    "end": (_from(B.TOLD), B.ENDED),
    "withdraw": (_from(B.TOLD), B.WITHDRAWN),
}


def after(table: Table, state: str, move: str) -> str:
    """Return where a move leads.

    :raises WrongState: it does not start there
    """
    start, end = table.get(move, (frozenset(), ""))
    if state not in start:
        raise WrongState(state=state, move=move)
    return end
