"""Columns and constraints that several tables of the plan have alike."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q


def one_of(field: str, words: Any, *more: str) -> Q:
    """Return that a field is one of these words."""
    return Q(**{f"{field}__in": [*(word.value for word in words), *more]})


def of_unit(**more: Any) -> Any:
    """Return a foreign key to a unit."""
    return models.ForeignKey("units.Unit", models.PROTECT, related_name="+", **more)


def of_officer(**more: Any) -> Any:
    """Return a foreign key to an officer."""
    return models.ForeignKey("people.Officer", models.PROTECT, related_name="+", **more)


class Hours(Func):
    """The moments of a row as a half-open ``tstzrange``."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Days(Func):
    """The days of a row as a half-open ``daterange``."""

    function = "DATERANGE"
    output_field = DateRangeField()


def once_at_a_time(name: str, *same: str, hours: bool = True, condition: Q | None = None) -> ExclusionConstraint:
    """Return that rows with the same values never overlap, in hours or in days."""
    first, last, of = ("starts_at", "ends_at", Hours) if hours else ("since", "until", Days)
    equal = [(F(field), RangeOperators.EQUAL) for field in same]
    overlap = (of(F(first), F(last), RangeBoundary()), RangeOperators.OVERLAPS)
    return ExclusionConstraint(name=name, expressions=[*equal, overlap], condition=condition)
