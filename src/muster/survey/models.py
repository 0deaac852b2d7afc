"""The tables of the survey. A name or number stands in the register alone; here are codes, units and days."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muster.law.duty import Channel
from muster.law.facts import Certainty
from muster.law.grounds import Ground, Kind, Obligation
from muster.survey.words import Contact, Group, Hard, State


def _one_of(field: str, words: Any, *more: str) -> Q:
    return Q(**{f"{field}__in": [*(word.value for word in words), *more]})


class Campaign(models.Model):
    """A campaign for the people of one unit and all below it, judged by the law of its last day."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField(db_comment="the first day after it")
    bands = ArrayField(models.SmallIntegerField(), db_comment="the age bands it calls")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "survey_campaign"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["name"], name="survey_campaign_name"),
            models.CheckConstraint(name="survey_campaign_named", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(name="survey_campaign_days", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(name="survey_campaign_bands", condition=Q(bands__len__gte=1)),
        ]


class Case(models.Model):
    """One person due in one campaign."""

    id = models.UUIDField(primary_key=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey("register.Person", models.PROTECT, db_index=False, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+", db_comment="of residence")
    state = models.CharField(max_length=8, db_collation="C", default=State.OPEN.value)
    band = models.SmallIntegerField(db_comment="on the campaign's last day")
    group_code = models.CharField(max_length=16, db_collation="C")
    ground = models.CharField(max_length=24, db_collation="C")
    kind = models.CharField(max_length=24, db_collation="C")
    obligation = models.CharField(max_length=10, db_collation="C")
    certainty = models.CharField(max_length=8, db_collation="C")
    channel = models.CharField(max_length=10, blank=True, db_collation="C", db_comment="empty: hangs on the birthday")
    contact = models.CharField(max_length=12, db_collation="C", default=Contact.NOT_REACHED.value)
    hard = models.CharField(max_length=20, blank=True, db_collation="C")
    found_at = models.DateTimeField()
    marked_at = models.DateTimeField(null=True, db_comment="last mark of contact or hard reason")

    class Meta:
        db_table = "survey_case"
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["campaign", "unit"],
                include=["state", "band", "group_code", "ground", "obligation", "certainty", "contact", "hard"],
                name="survey_case_counted",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "campaign"], name="survey_case_once"),
            models.CheckConstraint(name="survey_case_state", condition=_one_of("state", State)),
            models.CheckConstraint(name="survey_case_band", condition=Q(band__range=(0, 3))),
            models.CheckConstraint(name="survey_case_group", condition=_one_of("group_code", Group)),
            models.CheckConstraint(name="survey_case_ground", condition=_one_of("ground", Ground)),
            models.CheckConstraint(name="survey_case_kind", condition=_one_of("kind", Kind)),
            models.CheckConstraint(name="survey_case_obligation", condition=_one_of("obligation", Obligation)),
            models.CheckConstraint(
                name="survey_case_certainty", condition=_one_of("certainty", [Certainty.CERTAIN, Certainty.POSSIBLE])
            ),
            models.CheckConstraint(name="survey_case_channel", condition=_one_of("channel", Channel, "")),
            models.CheckConstraint(name="survey_case_contact", condition=_one_of("contact", Contact)),
            models.CheckConstraint(name="survey_case_hard", condition=_one_of("hard", Hard, "")),
        ]


class Excluded(models.Model):
    """How many people of a unit are no case, and why: with the cases they make up everybody registered there."""

    pk = models.CompositePrimaryKey("campaign_id", "unit_id", "band", "reason")
    campaign = models.ForeignKey(Campaign, models.PROTECT, db_index=False, related_name="+")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    band = models.SmallIntegerField()
    reason = models.CharField(max_length=24, db_collation="C", db_comment="law.duty.NotDue or survey.words.Outside")
    n = models.IntegerField()

    class Meta:
        db_table = "survey_excluded"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="survey_excluded_counts", condition=Q(n__gt=0)),
        ]
