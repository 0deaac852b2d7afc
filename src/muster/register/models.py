"""The tables of the register. Sensitive fields are sealed (`sealing`); the rest is searchable (ADR 0007)."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from muster.law.duty import LifeStatus, Nationality
from muster.law.numbers import NumberState
from muster.register.words import CardEnd, Kinship, LifeEventKind, Marital, Relation, ResidenceKind


def _one_of(field: str, words: Any) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


_WORD = models.CharField(max_length=120, db_collation="C")


def _word(place: int) -> Func:
    return Func(F("name_ascii"), Value(" "), Value(place), function="split_part", output_field=_WORD)


class Days(Func):
    """The days of a row as a half-open ``daterange``."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PersonalNumber(models.Model):
    """Every personal number ever given out, to whom, and until when; never given out again."""

    number = models.CharField(primary_key=True, max_length=12, db_collation="C")
    person = models.UUIDField()
    since = models.DateField(null=True)
    until = models.DateField(null=True, db_comment="cancelled on this day")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "register_number"
        indexes: ClassVar[list[Any]] = [models.Index(fields=["person"], name="register_number_person")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="register_number_digits", condition=Q(number__regex="^[0-9]{12}$")),
            models.CheckConstraint(
                name="register_number_cancelled_for_a_reason", condition=Q(until__isnull=True) | ~Q(reason="")
            ),
        ]


class NumberBlock(models.Model):
    """How many serials of a block of personal numbers have been given out or passed over."""

    block = models.CharField(primary_key=True, max_length=6, db_collation="C")
    next = models.IntegerField()

    class Meta:
        db_table = "register_number_block"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="register_number_block_size", condition=Q(next__range=(0, 1_000_000))),
        ]


class Household(models.Model):
    """People who live together: exactly one of them is the head, which the database holds (migration 0002)."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    head = models.UUIDField(null=True, db_comment="a member; null only once the household is closed")
    file_no = models.CharField(max_length=40, blank=True, db_collation="C")
    sealed = models.BinaryField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "register_household"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="register_household_has_a_head",
                condition=Q(head__isnull=False, closed_on__isnull=True) | Q(head__isnull=True, closed_on__isnull=False),
            ),
        ]


class Person(models.Model):
    """One citizen."""

    id = models.UUIDField(primary_key=True)
    number = models.ForeignKey(  # one to one by the constraint below: a OneToOneField adds an index for LIKE to it
        PersonalNumber, models.PROTECT, null=True, db_column="number", db_index=False, related_name="+"
    )
    number_state = models.CharField(max_length=10, db_collation="C")
    name = models.CharField(max_length=120, db_comment="birth name, NFC")
    other_name = models.CharField(max_length=120, blank=True)
    name_key = models.CharField(max_length=200, db_collation="C")
    name_ascii = models.CharField(max_length=120, db_collation="C")
    given_ascii = models.GeneratedField(expression=_word(-1), output_field=_WORD, db_persist=True)
    family_ascii = models.GeneratedField(expression=_word(1), output_field=_WORD, db_persist=True)
    sort_key = models.CharField(max_length=400, db_collation="C")
    birth = models.CharField(max_length=10, db_collation="C", db_comment="ISO 8601: year, year-month or year-month-day")
    birth_from = models.DateField()
    birth_to = models.DateField()
    birth_paper = models.CharField(max_length=80, blank=True)
    sex = models.CharField(max_length=6, db_collation="C")
    birth_unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, db_index=False, related_name="+")
    registered_unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, db_index=False, related_name="+")
    native_unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, db_index=False, related_name="+")
    nationality = models.CharField(max_length=12, db_collation="C", default=Nationality.VIETNAMESE.value)
    marital = models.CharField(max_length=8, blank=True, db_collation="C")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+", db_comment="permanent")
    resident_since = models.DateField(null=True)
    household = models.ForeignKey(Household, models.PROTECT, db_index=False, related_name="+")
    relation = models.CharField(max_length=12, db_collation="C")
    life = models.CharField(max_length=16, db_collation="C", default=LifeStatus.ALIVE.value)
    died_on = models.CharField(max_length=10, blank=True, db_collation="C")
    occupation = models.CharField(max_length=16, blank=True, db_collation="C")
    organisation = models.CharField(max_length=120, blank=True)
    sealed = models.BinaryField(null=True)
    confirmed_at = models.DateTimeField(null=True, db_comment="when an officer last confirmed the data")
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "register_person"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["unit", "given_ascii", "name_ascii"], name="register_person_unit_given"),
            models.Index(fields=["birth_from", "given_ascii", "name_ascii"], name="register_person_birth_given"),
            models.Index(
                fields=["given_ascii", "family_ascii", "birth_from", "name_ascii"], name="register_person_given_family"
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["household", "id"], name="register_person_household"),
            models.UniqueConstraint(fields=["number"], name="register_person_one_number"),
            models.CheckConstraint(
                name="register_person_numbered",
                condition=Q(number__isnull=False, number_state=NumberState.NUMBERED.value)
                | (Q(number__isnull=True) & ~Q(number_state=NumberState.NUMBERED.value)),
            ),
            models.CheckConstraint(name="register_person_number_state", condition=_one_of("number_state", NumberState)),
            models.CheckConstraint(
                name="register_person_birth",
                condition=Q(birth__regex=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", birth_to__gte=F("birth_from")),
            ),
            models.CheckConstraint(name="register_person_named", condition=~Q(name="") & ~Q(name_ascii="")),
            models.CheckConstraint(name="register_person_sex", condition=Q(sex__in=["male", "female"])),
            models.CheckConstraint(name="register_person_relation", condition=_one_of("relation", Relation)),
            models.CheckConstraint(name="register_person_life", condition=_one_of("life", LifeStatus)),
            models.CheckConstraint(name="register_person_marital", condition=_one_of("marital", Marital)),
        ]


class OldNumber(models.Model):
    """A 9-digit number of a paper card; a person may have several, and papers may give one to two people."""

    pk = models.CompositePrimaryKey("number", "person_id")
    number = models.CharField(max_length=9, db_collation="C")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        db_table = "register_old_number"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="register_old_number_digits", condition=Q(number__regex="^[0-9]{9}$")),
        ]


class Card(models.Model):
    """An identity paper that was issued."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    type = models.CharField(max_length=24, db_collation="C")
    number = models.CharField(max_length=12, db_collation="C")
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    issued_by = models.CharField(max_length=120, blank=True)
    ended_on = models.DateField(null=True, db_comment="first day on which it is good no more, whatever its term")
    ended = models.CharField(max_length=10, blank=True, db_collation="C", db_default="")

    class Meta:
        db_table = "register_card"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="register_card_days",
                condition=Q(expires_on__isnull=True) | Q(issued_on__isnull=True) | Q(expires_on__gt=F("issued_on")),
            ),
            models.CheckConstraint(
                name="register_card_ended",
                condition=Q(ended_on__isnull=True, ended="") | Q(ended_on__isnull=False) & _one_of("ended", CardEnd),
            ),
        ]


class Kin(models.Model):
    """A tie between two persons of the register; those outside it stand in the sealed fields."""

    pk = models.CompositePrimaryKey("person_id", "kinship", "other_id")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    kinship = models.CharField(max_length=14, db_collation="C")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        db_table = "register_kin"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="register_kin_kinship", condition=_one_of("kinship", Kinship)),
            models.CheckConstraint(name="register_kin_two_people", condition=~Q(person=F("other"))),
            models.UniqueConstraint(
                fields=["person", "kinship"],
                condition=Q(kinship__in=["father", "mother", "spouse"]),
                name="register_kin_one_of_each",
            ),
        ]


class Residence(models.Model):
    """Where somebody lived or lives besides, and former permanent residences; the present one stands in the person."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, db_collation="C")
    unit = models.ForeignKey("units.Unit", models.PROTECT, db_index=False, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "register_residence"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="register_residence_kind", condition=_one_of("kind", ResidenceKind)),
            models.CheckConstraint(
                name="register_residence_days",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gt=F("since")),
            ),
            ExclusionConstraint(
                name="register_residence_one_of_a_kind",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (Days(F("since"), F("until"), RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class LifeEvent(models.Model):
    """What happened to a person in law, or was corrected in the register: on what day and paper, old and new sealed."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, db_collation="C")
    happened_on = models.CharField(max_length=10, blank=True, db_collation="C")
    paper = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField()
    by_officer = models.UUIDField(null=True)
    sealed = models.BinaryField(null=True, db_comment="what changed: old and new")

    class Meta:
        db_table = "register_life_event"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="register_life_event_kind", condition=_one_of("kind", LifeEventKind)),
        ]


class Merged(models.Model):
    """A row that was closed because it and another were one person; it stays, and points to the one that goes on."""

    gone = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="+")
    into = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    by_officer = models.UUIDField()
    approval = models.UUIDField(unique=True, db_comment="of the second person")

    class Meta:
        db_table = "register_merged"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="register_merged_two_rows", condition=~Q(gone=F("into"))),
        ]
