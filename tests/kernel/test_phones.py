from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel.phones import NotMobile, Phone


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "091-234-5678",
        "+84912345678",
        "+84 912 345 678",
        "+84 (0) 912 345 678",
        "84912345678",
        "0084912345678",
        "912345678",
        "\u200b0912\u00a0345678 ",
        "\u202a+84 912 345 678\u202c",
    ],
)
def test_one_number_in_many_forms(text):
    assert Phone.parse(text) == Phone("0912345678")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("01201234567", "0701234567"),
        ("01211234567", "0791234567"),
        ("01221234567", "0771234567"),
        ("01261234567", "0761234567"),
        ("01281234567", "0781234567"),
        ("01231234567", "0831234567"),
        ("01241234567", "0841234567"),
        ("01251234567", "0851234567"),
        ("01271234567", "0811234567"),
        ("01291234567", "0821234567"),
        ("01621234567", "0321234567"),
        ("01631234567", "0331234567"),
        ("01641234567", "0341234567"),
        ("01651234567", "0351234567"),
        ("01661234567", "0361234567"),
        ("01671234567", "0371234567"),
        ("01681234567", "0381234567"),
        ("01691234567", "0391234567"),
        ("01861234567", "0561234567"),
        ("01881234567", "0581234567"),
        ("01991234567", "0591234567"),
        ("+841691234567", "0391234567"),
        ("1691234567", "0391234567"),
    ],
)
def test_the_long_numbers_of_before_2018(old, new):
    assert str(Phone.parse(old)) == new


@pytest.mark.parametrize("text", ["0841234567", "841234567", "+84841234567", "84841234567"])
def test_a_number_that_begins_with_84_after_the_zero(text):
    assert str(Phone.parse(text)) == "0841234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "091234567",
        "09123456789",
        "02438250000",
        "0612345678",
        "01611234567",
        "+12025550123",
        "0912345a78",
        "０９１２３４５６７８",
        "012345678901",
        "0000000000",
        "84",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(NotMobile) as refusal:
        Phone.parse(text)
    assert (refusal.value.code, refusal.value.values) == ("not_a_mobile_number", {})


def test_every_prefix_in_use():
    """The numbering plan after 2018, network by network, and no prefix beside it."""
    in_use = [
        *("032", "033", "034", "035", "036", "037", "038", "039"),
        *("052", "055", "056", "058", "059"),
        *("070", "076", "077", "078", "079"),
        *("081", "082", "083", "084", "085", "086", "087", "088", "089"),
        *("090", "091", "092", "093", "094", "096", "097", "098", "099"),
    ]
    accepted = []
    for prefix in range(100):
        with suppress(NotMobile):
            accepted.append(str(Phone.parse(f"0{prefix:02}1234567"))[:3])
    assert accepted == in_use


def test_how_it_is_written():
    phone = Phone.parse("0912345678")
    assert (phone.e164, phone.display, phone.masked) == ("+84912345678", "0912 345 678", "0912 ••• 678")


@given(st.sampled_from([32, 39, 52, 55, 59, 70, 79, 81, 84, 86, 99]), st.integers(0, 9_999_999))
def test_every_written_form_is_read_back(prefix, rest):
    phone = Phone(f"0{prefix}{rest:07}")
    for text in (str(phone), phone.e164, phone.e164[1:], phone.display, phone.national[1:]):
        assert Phone.parse(text) == phone
