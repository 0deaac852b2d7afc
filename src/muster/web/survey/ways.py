"""The way to the survey, for who sees counts or lists."""

from muster.kernel.actor import Purpose
from muster.people.rights import Grants, may_anywhere
from muster.web.navigation import Way


def _surveys(grants: Grants) -> bool:
    return may_anywhere(grants, "counts.read", Purpose.COMMAND) or may_anywhere(grants, "lists.read", Purpose.SURVEY)


WAYS = (Way("survey:overview", "survey.title", _surveys),)
