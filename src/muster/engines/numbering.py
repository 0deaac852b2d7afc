"""In which order the serials of a block of personal numbers are given out: all of them once, none foreseeable.

A block is the six digits that everybody of one place, sex and birth year shares. Its million serials are put
into an order by FF1 (NIST SP 800-38G rev. 1) under the numbering key, with the block as the tweak; whoever
allocates keeps a counter for each block and takes the serials at the next places. Two places never hold the
same serial, so allocation needs no second try; without the key, numbers given out say nothing of the next.

A call costs some 40 microseconds, and about one more for each serial: a million in little over a second.
"""

from muster.engines.ff1 import FF1
from muster.kernel.errors import Refusal
from muster.kernel.numbers import SERIALS_IN_BLOCK

_BLOCK_LENGTH = 6
_SERIAL_LENGTH = 6


class BlockFull(Refusal):
    code = "block_full"
    vi = "Dãy số {block} chỉ còn {left} số, không đủ {count} số."
    en = "Block {block} has {left} serials left, not {count}."


class NotABlock(Refusal):
    code = "not_a_block"
    vi = "“{block}” không phải sáu chữ số đầu của một số định danh."
    en = "“{block}” is not the first six digits of a personal number."


def serials(key: bytes, block: str, start: int, count: int) -> list[int]:
    """Return the serials at ``count`` places of a block's order, from place ``start`` on, counted from 0.

    The same key, block and place always give the same serial. A register that already holds numbers given out
    otherwise must pass over those serials when it meets them.

    :param key: the numbering key, 16, 24 or 32 bytes
    :param block: six ASCII digits: prefix, century and sex, year
    :raises BlockFull: start + count is more than a million
    :raises NotABlock: the block is not six ASCII digits
    :raises ValueError: start or count is negative, or the key has another length
    """
    if start < 0 or count < 0:
        raise ValueError(f"start {start} and count {count} must not be negative")
    if start + count > SERIALS_IN_BLOCK:
        raise BlockFull(block=block, left=max(SERIALS_IN_BLOCK - start, 0), count=count)
    return _order(key, block).encrypt(range(start, start + count))


def place(key: bytes, block: str, serial: int) -> int:
    """Return the place of a serial in its block's order: below the counter, it has been given out or passed over.

    :raises NotABlock: the block is not six ASCII digits
    :raises ValueError: the serial is not of 0 to 999,999, or the key has another length
    """
    return _order(key, block).decrypt([serial])[0]


def _order(key: bytes, block: str) -> FF1:
    if len(block) != _BLOCK_LENGTH or not (block.isascii() and block.isdigit()):
        raise NotABlock(block=block[:20])
    return FF1(key, radix=10, length=_SERIAL_LENGTH, tweak=block.encode())
