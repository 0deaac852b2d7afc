"""The words of the survey on the screens."""

from collections.abc import Mapping

from muster.events.journal import AgeBand
from muster.kernel import formats
from muster.survey.queries import CampaignLine
from muster.survey.words import Contact, Hard, Outside
from muster.ui.parts import Badge, Tone
from muster.web.accounts.words import Say

CONTACT_TONES: Mapping[Contact, Tone] = {
    Contact.NOT_REACHED: "plain",
    Contact.NOT_AT_HOME: "warn",
    Contact.REACHED: "good",
    Contact.APPOINTED: "good",
    Contact.REFUSES: "bad",
}


def contact(say: Say, code: Contact) -> Badge:
    """Return how somebody was reached."""
    return Badge(say(f"survey.contact.{code}"), CONTACT_TONES[code])


def contacts(say: Say) -> list[tuple[str, str]]:
    """Return the contact states as the answers of a question, in the order of the keys 1 to 5."""
    return [(code.value, say(f"survey.contact.{code}")) for code in Contact]


def hards(say: Say) -> list[tuple[str, str]]:
    """Return the hard reasons as the answers of a question; the empty one clears."""
    return [("", say("survey.hard.none")), *((code.value, say(f"survey.hard.{code}")) for code in Hard)]


def reason(say: Say, code: str) -> str:
    """Return why a person of the register is no case."""
    outside = {one.value for one in Outside}
    return say(f"survey.outside.{code}" if code in outside else f"register.not_due.{code}")


def band(say: Say, code: int) -> str:
    """Return an age band."""
    return say(f"counts.band_{AgeBand(code).name.lower()}")


def days(campaign: CampaignLine) -> tuple[str, str]:
    """Return the first and the last day of a campaign."""
    return formats.day(campaign.starts), formats.day(campaign.last)
