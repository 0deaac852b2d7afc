import itertools
import re
import unicodedata
from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kernel import names

ONSETS = ["", "b", "c", "đ", "gi", "h", "k", "l", "m", "ngh", "qu", "s", "t", "th", "tr", "v"]
RIMES = ["a", "an", "ăng", "âu", "e", "ê", "i", "y", "iên", "oa", "oan", "ơ", "uy", "ui", "uyên", "ươi", "ưa"]
MARKS = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
DIGITS = "012345"
VOWELS = "aăâeêioôơuưy"


@st.composite
def syllables(draw):
    """A syllable with its tone mark on one of its vowels: any of them, right or wrong."""
    onset, rime = draw(st.sampled_from(ONSETS)), draw(st.sampled_from(RIMES))
    places = [i for i, letter in enumerate(rime) if letter in VOWELS]
    tone = draw(st.integers(0, 5))
    spellings = [unicodedata.normalize("NFC", f"{onset}{rime[: i + 1]}{MARKS[tone]}{rime[i + 1 :]}") for i in places]
    return onset + rime, tone, spellings


full_names = st.lists(syllables(), min_size=1, max_size=5)


def shuffled(order):
    return order[1::2] + order[::2][::-1]


def first_spelling(name):
    return " ".join(spellings[0] for _, _, spellings in name)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Nguyễn\u00a0 Văn\tAn\n", "Nguyễn Văn An"),
        ("\ufeffNguyễn Văn\u200b An", "Nguyễn Văn An"),
        (unicodedata.normalize("NFD", "Đặng Thị Hường"), "Đặng Thị Hường"),
        ("\u00d0ặng \u0189ình \u00f0ạt \u0256ức", "Đặng Đình đạt đức"),
        ("e\u0323\u0302 e\u0302\u0323 ê\u0323 ẹ\u0302", "ệ ệ ệ ệ"),
        ("H\u2019Hen H\u2018Hen H\u02bcHen H\u00b4Hen H`Hen", "H'Hen H'Hen H'Hen H'Hen H'Hen"),
        ("A\u00adn A\u200bn A\u200cn A\u200dn A\u2060n A\ufeffn", "An An An An An An"),
        ("\u202aLê\u202c \u200eAn\u200f \u2066Bé\u2069 Na\ufe0f", "Lê An Bé Na"),  # copied from a contact
        ("Nguye\u200b\u0302\u0303n", "Nguyễn"),  # a mark joins its letter again
        ("Niê\u2011Kđăm Niê\u2010Kđăm Niê\u2013Kđăm", "Niê-Kđăm Niê-Kđăm Niê-Kđăm"),
        ("TRẦN THỊ BÉ", "TRẦN THỊ BÉ"),
        ("", ""),
    ],
)
def test_the_clean_form(text, clean):
    assert names.normalise(text) == clean


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Nguyễn Thị Hoà", "nguyên3 thi5 hoa1"),
        ("NGUYỄN THỊ HÒA", "nguyên3 thi5 hoa1"),
        ("Đỗ Ngọc Thuỷ", "đô3 ngoc5 thuy2"),
        ("ĐỖ NGỌC ThủY", "đô3 ngoc5 thuy2"),
        ("Qúy", "qui4"),
        ("Quý", "qui4"),
        ("Quí", "qui4"),
        ("Lý", "li4"),
        ("Lí", "li4"),
        ("Thuý", "thuy4"),
        ("Thúi", "thui4"),
        ("Ý Nhi", "y4 nhi0"),
        ("Huỳnh", "huynh1"),
        ("Yến", "yên4"),
        ("H'Hen Niê", "hhen0 niê0"),
        ("Ba-na", "ba0 na0"),
    ],
)
def test_syllable_keys(name, key):
    assert names.syllable_key(name) == key


@pytest.mark.parametrize(
    "pair",
    [
        "Lý Lí",
        "Mỹ Mĩ",
        "Kỳ Kì",
        "Vỹ Vĩ",
        "Vy Vi",
        "Quý Quí",
        "Hòa Hoà",
        "Thủy Thuỷ",
        "Tỵ Tị",
        "Sỹ Sĩ",
        "Hỷ Hỉ",
        "Đặng ÐẶNG",
    ],
)
def test_spellings_of_one_name(pair):
    assert names.same_name(*pair.split())


@pytest.mark.parametrize(
    "pair",
    [
        "Thuý Thúi",
        "Huy Hui",
        "Tay Tai",
        "Mây Mâi",
        "Hoa Hoà",
        "Lan Lân",
        "Dũng Đũng",
        "Ý Í",
        "Hải Hai",
        "Quyên Quên",
    ],
)
def test_different_names(pair):
    assert not names.same_name(*pair.split())


@given(full_names, st.data())
def test_the_place_of_the_tone_does_not_matter(name, data):
    one, other = (" ".join(data.draw(st.sampled_from(places)) for *_, places in name) for _ in range(2))
    assert names.same_name(one, other)
    assert names.sort_key(one) == names.sort_key(other)


@given(full_names, st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_neither_form_nor_case_matters(name, form, upper):
    text = first_spelling(name)
    other = unicodedata.normalize(form, text.upper() if upper else text.title())
    assert names.normalise(other) == unicodedata.normalize("NFC", other)
    assert names.syllable_key(other) == names.syllable_key(text)
    assert names.ascii_key(other) == names.ascii_key(text)
    assert names.sort_key(other) == names.sort_key(text)


@given(full_names)
def test_the_key_is_the_letters_and_the_tone(name):
    def folded(letters):
        return re.sub("^(qu|[bcđghklmnqrstv]+)y$", r"\1i", letters)

    expected = " ".join(f"{folded(letters)}{tone}" for letters, tone, _ in name)
    assert names.syllable_key(first_spelling(name)) == expected


@given(st.text(max_size=30))
def test_any_text_has_stable_keys(text):
    clean = names.normalise(text)
    assert names.normalise(clean) == clean
    for key in (names.syllable_key, names.ascii_key, names.sort_key):
        assert key(clean) == key(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Nguyễn Thị Hoà", "nguyen thi hoa"),
        ("ĐẶNG ĐÌNH ƯỚC", "dang dinh uoc"),
        ("\u00d0\u0189", "dd"),
        ("Lý", "ly"),
        ("H’Hen", "hhen"),
    ],
)
def test_ascii_keys(name, key):
    assert names.ascii_key(name) == key


def test_the_parts_of_a_name():
    assert names.split("Nguyễn  Thị Minh Khai") == ("Nguyễn", "Thị Minh", "Khai")
    assert names.split("Lê Lợi") == ("Lê", "", "Lợi")
    assert names.split("Siu") == ("", "", "Siu")
    assert names.split("") == ("", "", "")


def test_letters_sort_as_in_a_vietnamese_dictionary():
    order = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
    assert sorted(shuffled(order), key=names.sort_key) == order


def test_tones_sort_after_the_letters():
    order = ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mai", "Mài", "Mạn", "Mă", "Mâ", "Mo"]
    assert sorted(shuffled(order), key=names.sort_key) == order


def test_a_list_of_people_sorts_by_given_name_then_family_then_middle():
    order = [
        "Trần An",
        "Nguyễn Văn Ân",
        "Lê Thị Đào",
        "Nguyễn Thị Hoa",
        "Trần Thị Hoa",
        "Trần Văn Hoa",
        "Bùi Thị Hoà",
        "Vũ Thị Hoà",
        "Đỗ Hoàng",
        "Đỗ Anh Hoàng",
        "Nguyễn Văn Ơn",
        "Nguyễn Văn Út",
        "Nguyễn Văn Ưng",
    ]
    assert sorted(shuffled(order), key=names.sort_key) == order


def compare(one, other):
    """The oracle: token by token, letters by their place in the alphabet, then tones."""
    alphabet = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

    def reading(name):
        first, *rest = name
        tokens = [rest[-1], first, *rest[:-1]] if rest else [first]
        return [([alphabet.index(letter) for letter in letters], tone) for letters, tone, _ in tokens]

    a, b = reading(one), reading(other)
    return (a > b) - (a < b)


@given(st.lists(full_names, max_size=8))
def test_sort_keys_agree_with_a_comparison_letter_by_letter(some):
    by_key = sorted(some, key=lambda name: names.sort_key(first_spelling(name)).encode())
    for one, other in itertools.pairwise(by_key):
        assert compare(one, other) <= 0
    assert [compare(a, b) for a, b in zip(by_key, sorted(some, key=cmp_to_key(compare)), strict=True)] == [0] * len(
        some
    )


@given(st.one_of(full_names.map(lambda name: " ".join(spellings[0] for *_, spellings in name)), st.text(max_size=30)))
def test_all_keys_at_once_are_the_keys_one_by_one(name):
    assert names.keys(name) == (names.syllable_key(name), names.ascii_key(name), names.sort_key(name))
