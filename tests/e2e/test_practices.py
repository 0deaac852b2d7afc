"""A real browser: a commune writes what worked on a phone, the district passes it on, the other commune takes it up."""

from muster.people.words import Role
from tests.e2e.test_explaining import LAPTOP, PHONE, asked, campaign, people, pytestmark, tab, units

__all__ = ["asked", "campaign", "people", "pytestmark", "tab", "units"]


def test_written_on_a_phone_passed_on_and_read_in_the_area(tab):
    phone = tab(Role.DESK_LEAD, PHONE)
    phone.click("nav a:has-text('Kinh nghiệm')")
    phone.click("summary:has-text('Viết một kinh nghiệm')")
    phone.fill("[name='write.title']", "Mời theo ngõ")
    phone.fill("textarea", "Tổ dân phố mời từng nhà lúc 18 giờ.")
    phone.check("[name='write.cause.turnout']")
    phone.click("button:has-text('Ghi kinh nghiệm')")
    phone.wait_for_selector("h1:has-text('Mời theo ngõ')")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    laptop = tab(Role.COMMANDER, LAPTOP)
    laptop.click("nav a:has-text('Kinh nghiệm')")
    laptop.click("table a:has-text('Mời theo ngõ')")
    laptop.click("button:has-text('Phổ biến')")
    laptop.wait_for_selector("dd:has-text('Nam Sách')")
    laptop.click("button:has-text('Đơn vị tôi áp dụng')")
    laptop.wait_for_selector("table:has-text('chưa đủ ngày')")
    assert laptop.evaluate("document.documentElement.scrollWidth") <= LAPTOP["width"]
