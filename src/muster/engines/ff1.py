"""FF1, the format-preserving encryption of NIST SP 800-38G revision 1: a keyed permutation of short numerals.

Departs from the text of the standard in three ways that change no result: a numeral string is the integer it
stands for; all values of one call go through a round together, in one call of AES; and where there are more
values than a half has numerals, a round is tabulated over all of them. Halves of more than 96 bits, which need
the standard's longer pseudorandom strings, are left out.
"""

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_ROUNDS = 10
_AES_BLOCK = 16
_SMALLEST_DOMAIN = 1_000_000  # SP 800-38G rev. 1, section 5.1: radix^length is at least a million
_LARGEST_RADIX = 1 << 16
_WIDEST_HALF = 12  # bytes


class FF1:
    """The permutation that a key and a tweak choose among those of all numeral strings of one length.

    :param key: 16, 24 or 32 bytes for AES
    :param radix: the base of the numerals, 2 to 65,536
    :param length: how many numerals a string has
    :param tweak: public; another tweak gives an unrelated permutation
    :raises ValueError: a parameter is outside these bounds, or radix ** length is below a million
    """

    def __init__(self, key: bytes, *, radix: int, length: int, tweak: bytes = b"") -> None:
        _check(radix, length)
        left, right = length // 2, length - length // 2
        self._sizes = (radix**left, radix**right)
        self._width = ((self._sizes[1] - 1).bit_length() + 7) // 8  # b of the standard, in bytes
        self._drawn = 4 * ((self._width + 3) // 4) + 4  # d of the standard, in bytes
        # One block for each value, xored with the chain so far: the last step of CBC-MAC, not ECB of a text.
        self._aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        self._state = self._chain(_first_block(radix, length, left, tweak) + self._padded(tweak))

    def _padded(self, tweak: bytes) -> bytes:
        """Return Q of step 6i with zeros where the round and the half will stand."""
        return tweak + bytes(-(len(tweak) + self._width + 1) % _AES_BLOCK + 1 + self._width)

    def _chain(self, data: bytes) -> int:
        """Run CBC-MAC over all but the last block, and return what that one is still to be xored with."""
        state = 0
        for start in range(0, len(data) - _AES_BLOCK, _AES_BLOCK):
            block = state ^ int.from_bytes(data[start : start + _AES_BLOCK])
            state = int.from_bytes(self._aes.update(block.to_bytes(_AES_BLOCK)))
        return state ^ int.from_bytes(data[-_AES_BLOCK:])

    def encrypt(self, values: Sequence[int]) -> list[int]:
        """Return the image of each value (algorithm 7 of the standard).

        :raises ValueError: a value is negative or not below radix ** length
        """
        a, b = self._halves(values)
        for i in range(_ROUNDS):
            a, b = b, self._sums(a, self._round(i, b), i)
        return self._joined(a, b)

    def decrypt(self, values: Sequence[int]) -> list[int]:
        """Return the value of which each given one is the image (algorithm 8 of the standard).

        :raises ValueError: a value is negative or not below radix ** length
        """
        a, b = self._halves(values)
        for i in reversed(range(_ROUNDS)):
            a, b = self._sums(b, [-y for y in self._round(i, a)], i), a
        return self._joined(a, b)

    def _halves(self, values: Sequence[int]) -> tuple[list[int], list[int]]:
        left, right = self._sizes
        if values and not (min(values) >= 0 and max(values) < left * right):
            raise ValueError(f"a value is outside 0 <= value < {left * right}")
        return [value // right for value in values], [value % right for value in values]

    def _joined(self, a: list[int], b: list[int]) -> list[int]:
        right = self._sizes[1]
        return [x * right + y for x, y in zip(a, b, strict=True)]

    def _sums(self, half: list[int], drawn: list[int], i: int) -> list[int]:
        size = self._sizes[i % 2]
        return [(x + y) % size for x, y in zip(half, drawn, strict=True)]

    def _round(self, i: int, half: list[int]) -> list[int]:
        """Return the pseudorandom number of round ``i`` for each value of the half that stays."""
        size = self._sizes[(i + 1) % 2]
        if len(half) <= size:
            return self._draw(i, half)
        table = self._draw(i, range(size))
        return [table[value] for value in half]

    def _draw(self, i: int, half: Sequence[int]) -> list[int]:
        """Do steps 6i to 6iv for many values, and reduce the result by the size of the half it is added to."""
        base, size, drawn = self._state ^ (i << 8 * self._width), self._sizes[i % 2], self._drawn
        blocks = self._aes.update(b"".join([(base ^ value).to_bytes(_AES_BLOCK) for value in half]))
        return [int.from_bytes(blocks[start : start + drawn]) % size for start in range(0, len(blocks), _AES_BLOCK)]


def _check(radix: int, length: int) -> None:
    if not 2 <= radix <= _LARGEST_RADIX:  # noqa: PLR2004 - a base
        raise ValueError(f"radix {radix} is outside 2 <= radix <= {_LARGEST_RADIX}")
    if length < 2 or radix**length < _SMALLEST_DOMAIN:  # noqa: PLR2004 - two halves
        raise ValueError(f"{radix} ** {length} < {_SMALLEST_DOMAIN}: too few to hide anything")
    if (radix ** (length - length // 2) - 1).bit_length() > 8 * _WIDEST_HALF:
        raise ValueError(f"half of {length} numerals of radix {radix} is wider than {_WIDEST_HALF} bytes")


def _first_block(radix: int, length: int, left: int, tweak: bytes) -> bytes:
    """Return P of step 5: the parameters, so that no two shapes share their pseudorandom numbers."""
    return bytes([1, 2, 1]) + radix.to_bytes(3) + bytes([_ROUNDS, left]) + length.to_bytes(4) + len(tweak).to_bytes(4)
