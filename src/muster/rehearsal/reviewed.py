"""The evenings of the demonstration: three looks back of the district, with actions done, carried over and late."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID, uuid5

from muster.kernel.actor import Actor, Purpose
from muster.kernel.clock import ZONE, work_day
from muster.people.words import Role
from muster.reporting import operations
from muster.reporting.reviewing import Step
from muster.reporting.rows import ReviewRow, TaskEnd, TaskRow
from muster.units.queries import Unit

EVENING = time(22, 30)
LOOKS = {
    3: "Hai điểm lưu động chạy hết công suất; một xã mất điện từ 14 giờ, máy phát đến chậm.",
    2: "Ca tối vượt kế hoạch; hồ sơ gửi bù trong đêm xong trước 02:00.",
    1: "Ba xã cuối bảng chưa nhích; mời theo lịch ca của công ty có kết quả tốt.",
}
# Days back, what, whose role it is, days until it is due, and what came of it a day later; nothing: it is open.
TASKS: tuple[tuple[int, str, Role, int, str], ...] = (
    (3, "Chuyển máy phát dự phòng về xã mất điện trước 07:00.", Role.DESK_LEAD, 1, "Máy phát có mặt lúc 06:40."),
    (3, "Rà danh sách người đi làm xa của ba xã cuối bảng.", Role.DESK_LEAD, 1, ""),
    (2, "Lập lịch gửi bù hồ sơ ngay sau mỗi ca tối.", Role.CREW, 2, "Đã đưa vào lịch giao ca."),
    (1, "Mở thêm ca 18:00-23:00 tại hai công ty trong ba tối.", Role.COMMANDER, 3, ""),
    (1, "Gọi điện mời lại người đã hẹn mà chưa đến.", Role.CREW, 1, ""),
)


def look_back(*, campaign: UUID, district: Unit, officers: Mapping[Role, UUID], at: datetime) -> None:
    """Let the district look back at its last three evenings, and give and end actions; again it does no harm."""
    by = Actor(officer=officers[Role.COMMANDER], unit=district.id, purpose=Purpose.COMMAND)
    for back, text in LOOKS.items():
        day = work_day(at) - timedelta(days=back)
        evening = datetime.combine(day, EVENING, ZONE)
        look = ReviewRow(id=uuid5(campaign, f"look {day}"), campaign=campaign, unit=district.id, day=day, text=text)
        operations.write_reviews(reviews=[look], grants=None, by=by, at=evening).whole()
        for number, (given, what, role, days, told) in enumerate(TASKS):
            if given != back:
                continue
            row = TaskRow(
                id=uuid5(campaign, f"task {day} {number}"), campaign=campaign, unit=district.id, day=day, text=what,
                owner=officers[role], due=day + timedelta(days=days),
            )  # fmt: skip
            operations.give_tasks(tasks=[row], grants=None, by=by, at=evening).whole()
            if told:
                end = TaskEnd(task=row.id, step=Step.DO, told=told)
                done_at = datetime.combine(day + timedelta(days=1), time(8), ZONE)
                operations.end_tasks(ends=[end], grants=None, by=by, at=done_at).whole()
