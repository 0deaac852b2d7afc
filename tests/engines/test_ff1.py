"""FF1 against the sample vectors of NIST and against a second reading of the standard, step by step."""

import math

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.engines.ff1 import FF1

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94")
TWEAK_10 = bytes.fromhex("39383736353433323130")
TWEAK_36 = bytes.fromhex("3737373770717273373737")


def written(value, radix, length):
    text = ""
    for _ in range(length):
        value, digit = divmod(value, radix)
        text = DIGITS[digit] + text
    return text


@pytest.mark.parametrize(
    ("key", "radix", "tweak", "plain", "cipher"),
    [
        (KEY[:16], 10, b"", "0123456789", "2433477484"),
        (KEY[:16], 10, TWEAK_10, "0123456789", "6124200773"),
        (KEY[:16], 36, TWEAK_36, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        (KEY[:24], 10, b"", "0123456789", "2830668132"),
        (KEY[:24], 10, TWEAK_10, "0123456789", "2496655549"),
        (KEY[:24], 36, TWEAK_36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
        (KEY, 10, b"", "0123456789", "6657667009"),
        (KEY, 10, TWEAK_10, "0123456789", "1001623463"),
        (KEY, 36, TWEAK_36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
    ],
)
def test_the_nine_samples_of_nist(key, radix, tweak, plain, cipher):
    permutation = FF1(key, radix=radix, length=len(plain), tweak=tweak)
    assert [written(x, radix, len(plain)) for x in permutation.encrypt([int(plain, radix)])] == [cipher]
    assert permutation.decrypt([int(cipher, radix)]) == [int(plain, radix)]


def by_the_book(key, radix, tweak, numerals):
    """The oracle: algorithm 7 on a list of numerals, one step after the other, with AES in CBC as the MAC."""

    def number(some):
        return sum(digit * radix**power for power, digit in enumerate(reversed(some)))

    def numeral_string(value, length):
        return [value // radix**power % radix for power in reversed(range(length))]

    n, t = len(numerals), len(tweak)
    u, v = n // 2, n - n // 2
    a, b_half = numerals[:u], numerals[u:]
    b = math.ceil(math.ceil(v * math.log2(radix)) / 8)
    d = 4 * math.ceil(b / 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([10, u]) + n.to_bytes(4, "big") + t.to_bytes(4, "big")
    for i in range(10):
        q = tweak + bytes((-t - b - 1) % 16) + bytes([i]) + number(b_half).to_bytes(b, "big")
        mac = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor().update(p + q)[-16:]
        m = u if i % 2 == 0 else v
        c = (number(a) + int.from_bytes(mac[:d], "big")) % radix**m
        a, b_half = b_half, numeral_string(c, m)
    return a + b_half


@st.composite
def shapes(draw):
    radix = draw(st.sampled_from([2, 3, 7, 10, 16, 26, 36, 1000, 65535]))
    length = draw(st.integers(math.ceil(math.log(1_000_000, radix)), 24 if radix <= 10 else 11))
    return radix, length


@given(shapes(), st.sampled_from([16, 24, 32]), st.binary(max_size=40), st.data())
def test_any_shape_agrees_with_the_book(shape, key_length, tweak, data):
    radix, length = shape
    key = data.draw(st.binary(min_size=key_length, max_size=key_length))
    numerals = data.draw(st.lists(st.integers(0, radix - 1), min_size=length, max_size=length))
    value = sum(digit * radix**power for power, digit in enumerate(reversed(numerals)))
    expected = sum(d * radix**power for power, d in enumerate(reversed(by_the_book(key, radix, tweak, numerals))))
    permutation = FF1(key, radix=radix, length=length, tweak=tweak)
    assert permutation.encrypt([value]) == [expected]
    assert permutation.decrypt([expected]) == [value]


@settings(max_examples=10)
@given(st.binary(min_size=16, max_size=16), st.integers(0, 997_000))
def test_many_values_at_once_are_the_same_as_one_by_one(key, start):
    permutation = FF1(key, radix=10, length=6, tweak=b"001300")
    together = permutation.encrypt(range(start, start + 2500))
    assert together[::250] == [permutation.encrypt([value])[0] for value in range(start, start + 2500, 250)]
    assert permutation.decrypt(together) == list(range(start, start + 2500))


def test_many_values_at_once_where_the_halves_differ_in_length():
    permutation = FF1(KEY, radix=10, length=7, tweak=b"odd")
    together = permutation.encrypt(range(9_990_000 - 12_000, 9_990_000))
    assert together[::1000] == [permutation.encrypt([v])[0] for v in range(9_978_000, 9_990_000, 1000)]
    assert permutation.decrypt(together) == list(range(9_978_000, 9_990_000))


@pytest.mark.parametrize(("radix", "length"), [(2, 192), (10, 56), (1000, 2), (65536, 12)])
def test_the_widest_and_the_shortest_shapes_agree_with_the_book(radix, length):
    numerals = [(7 * position + 1) % radix for position in range(length)]
    value, expected = (
        sum(digit * radix**power for power, digit in enumerate(reversed(some)))
        for some in (numerals, by_the_book(KEY, radix, TWEAK_36, numerals))
    )
    assert FF1(KEY, radix=radix, length=length, tweak=TWEAK_36).encrypt([value]) == [expected]


def test_nothing_in_nothing_out():
    assert FF1(KEY, radix=10, length=6).encrypt([]) == []


@pytest.mark.parametrize(
    ("radix", "length", "sentence"),
    [
        (1, 60, "radix 1 is outside 2 <= radix <= 65536"),
        (65537, 6, "radix 65537 is outside 2 <= radix <= 65536"),
        (10, 5, "10 ** 5 < 1000000: too few to hide anything"),
        (65536, 1, "65536 ** 1 < 1000000: too few to hide anything"),
        (10, 57, "half of 57 numerals of radix 10 is wider than 12 bytes"),
        (2, 193, "half of 193 numerals of radix 2 is wider than 12 bytes"),
    ],
)
def test_a_shape_outside_the_bounds_is_refused_with_the_bound(radix, length, sentence):
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the sentence is compared whole
        FF1(KEY, radix=radix, length=length)
    assert str(error.value) == sentence


@pytest.mark.parametrize("values", [[-1], [1_000_000], [0, 1_000_000]])
def test_a_value_outside_the_domain_is_refused(values):
    with pytest.raises(ValueError, match="a value is outside 0 <= value < 1000000"):
        FF1(KEY, radix=10, length=6).encrypt(values)
