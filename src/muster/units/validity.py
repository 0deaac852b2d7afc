"""The days of a row as the database sees them."""

from django.contrib.postgres.fields import DateRangeField
from django.db.models import Func


class Validity(Func):
    """The days ``[valid_from, valid_to)`` as a ``daterange``."""

    function = "DATERANGE"
    output_field = DateRangeField()
