"""How Muster says no: a refusal has a stable code for devices and a sentence for people.

Each room defines its own refusals beside the function that raises them::

    class UnknownUnit(Refusal):
        code = "unknown_unit"
        vi = "Không có đơn vị mang mã {unit}."
        en = "There is no unit with the code {unit}."

    raise UnknownUnit(unit="99999")
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

T = TypeVar("T")


class Refusal(Exception):
    """Say no to one request, or to one row of a batch; nothing of that row has been written."""

    code: ClassVar[str] = "refused"
    vi: ClassVar[str] = "Yêu cầu bị từ chối."
    en: ClassVar[str] = "The request was refused."

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(f"{self.code}: {self.text('en')}")

    def text(self, language: str = "vi") -> str:
        """Return the sentence for people, in ``vi`` or ``en``."""
        return (self.en if language == "en" else self.vi).format(**self.values)


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """One row of a batch that was refused: its place in the batch, counted from 0, and why."""

    index: int
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class BatchResult(Generic[T]):
    """What became of a batch: the rows done, in the order given, and the rows refused, each with its reason."""

    done: Sequence[T]
    refused: Sequence[RowRefusal] = ()

    def whole(self) -> Sequence[T]:
        """Return what was done, if that is everything.

        :raises Refusal: the first row that was refused
        """
        for row in self.refused:
            raise row.refusal
        return self.done
