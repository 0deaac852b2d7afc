"""What a rehearsal is played from: each input with its unit, and the source it was taken from, or that it is set free.

Free inputs are plausible, not measured; nothing is tuned so that a rehearsal lands on the day a report names.
"""

# ruff: noqa: RUF009 - what an input is called, and its source, stand beside its value
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from muster.kernel.clock import ZONE

FREE = ""  # set free: no source says it
R0 = "field notes, report R0 (Hà Nội 2021)"
R1 = "field notes, report R1 (Hải Dương 2021)"
RATES = "capture_rates.csv"


def _input(value: Any, unit: str, vi: str, en: str, source: str = FREE) -> Any:
    return field(default=value, metadata={"unit": unit, "vi": vi, "en": en, "source": source})


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The inputs of one campaign; shares are of 1. A unit is a code that pages have words for."""

    first_day: date = _input(date(2021, 3, 16), "", "ngày bắt đầu", "first day", f"{R1}: 15 days late; from 1 March")
    last_day: date = _input(date(2021, 6, 30), "", "hạn chót", "deadline", R1)
    target: int = _input(988_200, "people", "chỉ tiêu", "target", R1)
    reported_on: date = _input(date(2021, 5, 14), "", "ngày báo hoàn thành", "day reported done", R1)
    reported: int = _input(991_830, "people", "số đã làm theo báo", "done as reported", R1)
    shifts: int = _input(3, "shifts_a_day", "số ca", "shifts a day", R1)
    shift_hours: float = _input(6.0, "hours", "độ dài ca", "length of a shift", R1)
    first_shift: time = _input(time(6, 0), "", "giờ mở cửa", "doors open", R1)
    usual_minutes: float = _input(4.0, "minutes", "một người, tổ thường", "one person, usual crew", f"{RATES}: 3 to 5")
    best_minutes: float = _input(2.0, "minutes", "một người, tổ tốt nhất", "one person, the best crew", RATES)
    overrun: float = _input(1.0, "hours", "làm thêm sau ca ba", "past the third shift, until the people end", R0)

    kits: int = _input(120, "kits", "số bộ máy", "kits")
    kits_at_once: int = _input(4, "kits", "tối đa tại một điểm", "at one venue at most")
    first_rate: float = _input(0.6, "share", "năng suất ngày đầu", "rate of a crew on its first day")
    learning_days: float = _input(7.0, "days", "thời gian quen việc", "days until most is learned")
    crew_spread: float = _input(0.15, "spread", "khác nhau giữa các tổ", "how crews differ (log)")
    comes: float = _input(0.82, "share", "đến khi được mời", "come when called")
    evening_only: float = _input(0.75, "share", "người đi làm chỉ đến tối, cuối tuần", "of the working, evening only")
    away: float = _input(0.08, "share", "ở nơi khác", "live elsewhere")
    away_returns: float = _input(0.01, "share_a_day", "người ở xa về làm", "of the away, back on a day")
    bedridden: float = _input(0.04, "share", "nằm một chỗ, từ 70 tuổi", "of those aged 70 and over, bedridden")
    home_visits: int = _input(6, "people_a_shift", "một tổ lưu động tại nhà", "home visits of a crew in a shift")
    worn: float = _input(0.03, "share", "vân tay mòn", "worn prints")
    worn_times: float = _input(2.0, "times", "vân tay mòn lâu hơn", "how much longer worn prints take")
    kit_faults: float = _input(0.015, "share_a_shift", "máy hỏng", "of kits, broken in a shift")
    repair_shifts: int = _input(3, "shifts", "thời gian sửa", "to mend a kit")
    line_cuts: float = _input(0.03, "share_a_day", "mất mạng tại xã", "of communes, without network on a day")
    returned: float = _input(0.012, "share", "hồ sơ bị trả lại", "of dossiers, returned to be mended")
    mend_days: int = _input(3, "days", "thời gian bổ sung", "to mend a returned dossier")
    rejected: float = _input(0.004, "share", "thẻ in hỏng", "of cards, rejected by the printer")
    check_days: int = _input(1, "days", "thời gian kiểm tra", "until checked")
    print_days: int = _input(12, "days", "thời gian in và gửi", "from accepted to arrived")
    collected: float = _input(0.25, "share_a_day", "đến nhận thẻ", "of cards that lie there, fetched on a day")

    def told(self) -> Iterator["Told"]:
        """Yield every input with its words, those taken from a source first."""
        rows = [Told(one.name, getattr(self, one.name), **one.metadata) for one in fields(self)]
        yield from sorted(rows, key=lambda row: row.source == FREE)

    def moment(self, day: date, shift: int, minutes: float) -> datetime:
        """Return the moment so many minutes into a shift; the third one runs past midnight."""
        start = datetime.combine(day, self.first_shift, ZONE) + timedelta(hours=self.shift_hours) * shift
        return start + timedelta(minutes=minutes)

    def shift_ends(self, day: date, shift: int) -> datetime:
        """Return the moment a shift is over: the last one of a day goes on until the people end."""
        over = self.overrun if shift == self.shifts - 1 else 0.0
        return self.moment(day, shift, (self.shift_hours + over) * 60)

    def shift_number(self, day: date, shift: int) -> int:
        """Return how many shifts there were before this one, since the first day."""
        return (day - self.first_day).days * self.shifts + shift


@dataclass(frozen=True, slots=True)
class Told:
    """One input as people read it; no source: it was set free."""

    name: str
    value: Any
    unit: str
    vi: str
    en: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A campaign to be played: the province, and what it is played from."""

    code: str
    campaign: UUID
    province: str
    vi: str
    en: str
    shows: datetime
    inputs: Inputs = field(default_factory=Inputs)


SCENARIOS = {
    one.code: one
    for one in (
        Scenario(
            code="haiduong-2021",
            campaign=UUID("01980000-0000-7000-8000-0000000ca4d1"),
            province="30",
            vi="Hải Dương 2021: chiến dịch cấp căn cước gắn chip",
            en="Hải Dương 2021: the campaign for chip cards",
            shows=datetime(2021, 5, 8, 17, 0, tzinfo=ZONE),
        ),
    )
}
