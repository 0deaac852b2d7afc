"""Due cases written from the law, one a line: who, which card, what is said, on which day, and the answer.

Columns: born (as papers give it) | card | stated reasons and states | asked on | answer.
Card: type (``paper`` is the identity certificate), day of issue (``?``: unknown), ``to`` the printed day, ``forever``.
Answer: ``no <reason> [-> first day it changes]``, or ``certain|possible must|may <kind> <ground> [since <day>]``;
``certificate`` alone is the identity certificate, which has one ground.
"""

from datetime import date

import pytest

from muster.kernel.dates import PartialDate
from muster.law.cards import CardFacts, CardType
from muster.law.due import PersonFacts, due_within, who_is_due
from muster.law.duty import LifeStatus, Nationality
from muster.law.facts import Due
from muster.law.grounds import Ground, Kind

CARDS = {
    "cmnd": CardType.CMND_9,
    "cmnd12": CardType.CMND_12,
    "barcode": CardType.CCCD_BARCODE,
    "chip": CardType.CCCD_CHIP,
    "cc": CardType.CAN_CUOC,
    "paper": CardType.IDENTITY_CERTIFICATE,
}

FIRST_CARD = """
# the 14th birthday under the law of 2014 (Art. 19)
01/03/2007 | - | | 2021-02-28 | no under_age -> 2021-03-01
01/03/2007 | - | | 2021-03-01 | certain must first_issue no_card since 2021-03-01
01/03/2007 | - | | 2022-06-01 | certain must first_issue no_card since 2021-03-01
15/08/1950 | - | | 2016-01-01 | certain must first_issue no_card since 2016-01-01
15/08/1950 | - | | 2024-07-01 | certain must first_issue no_card since 2016-01-01
02/01/2002 | - | | 2016-01-01 | no under_age -> 2016-01-02
02/01/2002 | - | | 2016-01-02 | certain must first_issue no_card since 2016-01-02
# children: nothing before 1 July 2024, on request since (Law 26/2023 Art. 19)
10/05/2015 | - | | 2024-06-30 | no under_age -> 2024-07-01
10/05/2015 | - | | 2024-07-01 | certain may first_issue no_card since 2024-07-01
30/06/2010 | - | | 2024-06-29 | no under_age -> 2024-06-30
30/06/2010 | - | | 2024-06-30 | certain must first_issue no_card since 2024-06-30
01/07/2010 | - | | 2024-06-30 | no under_age -> 2024-07-01
01/07/2010 | - | | 2024-07-01 | certain must first_issue no_card since 2024-07-01
02/07/2010 | - | | 2024-07-01 | certain may first_issue no_card since 2024-07-01
02/07/2010 | - | | 2024-07-02 | certain must first_issue no_card since 2024-07-02
20/09/2024 | - | | 2024-09-19 | no not_born -> 2024-09-20
20/09/2024 | - | | 2024-09-20 | certain may first_issue no_card since 2024-09-20
01/01/2020 | - | | 2025-12-31 | certain may first_issue no_card since 2024-07-01
# leap day: the birthday of a common year is 1 March
29/02/2008 | - | | 2022-02-28 | no under_age -> 2022-03-01
29/02/2008 | - | | 2022-03-01 | certain must first_issue no_card since 2022-03-01
29/02/2012 | - | | 2026-02-28 | certain may first_issue no_card since 2024-07-01
29/02/2012 | - | | 2026-03-01 | certain must first_issue no_card since 2026-03-01
"""

EXCHANGE_AT_AN_AGE = """
# 25, 40, 60: the day before and the birthday
10/10/1996 | chip 2021-03-01 to 2021-10-10 | | 2021-10-09 | no card_good -> 2021-10-10
10/10/1996 | chip 2021-03-01 to 2021-10-10 | | 2021-10-10 | certain must exchange age since 2021-10-10
10/10/1996 | barcode 2016-05-05 | | 2021-10-09 | certain may exchange old_card_type since 2021-01-23
10/10/1996 | barcode 2016-05-05 | | 2021-10-10 | certain must exchange age since 2021-10-10
05/04/1984 | barcode 2017-02-02 | | 2024-04-04 | certain may exchange old_card_type since 2021-01-23
05/04/1984 | barcode 2017-02-02 | | 2024-04-05 | certain must exchange age since 2024-04-05
20/12/1965 | chip 2021-06-01 | | 2025-12-19 | no card_good -> 2025-12-20
20/12/1965 | chip 2021-06-01 | | 2025-12-20 | certain must exchange age since 2025-12-20
# issued within the two years before 25: good to 40
01/06/2000 | chip 2023-05-31 | | 2025-06-01 | certain must exchange age since 2025-06-01
01/06/2000 | chip 2023-06-01 | | 2025-06-01 | no card_good -> 2040-06-01
01/06/2000 | chip 2023-06-01 | | 2040-05-31 | no card_good -> 2040-06-01
01/06/2000 | chip 2023-06-01 | | 2040-06-01 | certain must exchange age since 2040-06-01
01/06/2000 | cc 2025-05-31 | | 2025-06-01 | no card_good -> 2040-06-01
01/06/2000 | cc 2025-06-01 | | 2025-06-01 | no card_good -> 2040-06-01
# before 40: good to 60
15/01/1984 | chip 2022-01-14 | | 2024-01-15 | certain must exchange age since 2024-01-15
15/01/1984 | chip 2022-01-15 | | 2024-01-15 | no card_good -> 2044-01-15
# from 58 on: no expiry
15/01/1964 | chip 2022-01-14 | | 2024-01-14 | no card_good -> 2024-01-15
15/01/1964 | chip 2022-01-14 | | 2024-01-15 | certain must exchange age since 2024-01-15
15/01/1964 | chip 2022-01-15 | | 2060-01-01 | no card_good
01/01/1950 | chip 2021-04-01 | | 2030-01-01 | no card_good
01/01/1950 | chip 2021-04-01 forever | | 2030-01-01 | no card_good
# a child's card: exchanged at 14, unless issued from 12 on
01/09/2013 | cc 2025-08-31 | | 2027-08-31 | no card_good -> 2027-09-01
01/09/2013 | cc 2025-08-31 | | 2027-09-01 | certain must exchange age since 2027-09-01
01/09/2013 | cc 2025-09-01 | | 2027-09-01 | no card_good -> 2038-09-01
03/03/2022 | cc 2024-08-01 | | 2028-03-03 | no card_good -> 2036-03-03
# leap days: 25 and 23 fall on 1 March in common years
29/02/2000 | chip 2021-05-05 | | 2025-02-28 | no card_good -> 2025-03-01
29/02/2000 | chip 2021-05-05 | | 2025-03-01 | certain must exchange age since 2025-03-01
29/02/2000 | chip 2023-02-28 | | 2025-03-01 | certain must exchange age since 2025-03-01
29/02/2000 | chip 2023-03-01 | | 2025-03-01 | no card_good -> 2040-02-29
29/02/2000 | chip 2023-03-01 | | 2040-02-29 | certain must exchange age since 2040-02-29
29/02/1964 | chip 2021-05-05 | | 2024-02-28 | no card_good -> 2024-02-29
29/02/1964 | chip 2021-05-05 | | 2024-02-29 | certain must exchange age since 2024-02-29
# a card of the 2014 law under the 2023 law: to the day printed on it
12/12/2001 | chip 2021-02-01 to 2026-12-12 | | 2026-12-11 | no card_good -> 2026-12-12
12/12/2001 | chip 2021-02-01 to 2026-12-12 | | 2026-12-12 | certain must exchange age since 2026-12-12
12/12/2001 | chip 2021-02-01 to 2024-08-08 | | 2024-08-08 | certain must exchange card_expired since 2024-08-08
# Art. 46(3) lets the card be used to 30 June 2024; the exchange is due from the birthday all the same
01/03/1999 | chip 2021-05-05 | | 2024-02-29 | no card_good -> 2024-03-01
01/03/1999 | chip 2021-05-05 | | 2024-03-01 | certain must exchange age since 2024-03-01
"""

OLD_CARDS = """
# barcode cards are the old type since only chip cards are issued, and good to their term
01/01/1990 | barcode 2018-01-01 | | 2021-01-22 | no card_good -> 2021-01-23
01/01/1990 | barcode 2018-01-01 | | 2021-01-23 | certain may exchange old_card_type since 2021-01-23
01/01/1990 | barcode 2018-01-01 | | 2025-06-01 | certain may exchange old_card_type since 2021-01-23
01/01/1990 | barcode 2018-01-01 | | 2030-01-01 | certain must exchange age since 2030-01-01
# chip cards are not the old type: exchanged when asked for
01/01/1990 | chip 2022-01-01 | | 2024-07-01 | no card_good -> 2030-01-01
01/01/1990 | chip 2022-01-01 | on_request | 2024-07-01 | certain may exchange on_request
# a CMND: 15 years from issue, and void from 1 January 2025
07/07/1980 | cmnd 2012-05-01 | | 2016-01-01 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2012-05-01 | | 2021-03-01 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2012-05-01 | | 2024-12-31 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2012-05-01 | | 2025-01-01 | certain must exchange cmnd_void since 2025-01-01
07/07/1980 | cmnd12 2013-05-01 | | 2024-12-31 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd12 2013-05-01 | | 2025-01-01 | certain must exchange cmnd_void since 2025-01-01
07/07/1980 | cmnd 2008-03-10 | | 2023-03-09 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2008-03-10 | | 2023-03-10 | certain must exchange card_expired since 2023-03-10
07/07/1980 | cmnd 2008-03-10 | | 2025-02-01 | certain must exchange cmnd_void since 2023-03-10
07/07/1980 | cmnd 2009-12-31 | | 2024-12-30 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2009-12-31 | | 2024-12-31 | certain must exchange card_expired since 2024-12-31
07/07/1980 | cmnd 2010-01-01 | | 2024-12-31 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2008-02-29 | | 2023-02-28 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2008-02-29 | | 2023-03-01 | certain must exchange card_expired since 2023-03-01
10/10/1996 | cmnd 2012-05-01 | | 2021-10-10 | certain may exchange old_card_type since 2016-01-01
01/01/1930 | cmnd 1999-01-01 | | 2021-03-01 | certain must exchange card_expired since 2014-01-01
"""

STATED_REASONS = """
01/01/1990 | chip 2022-01-01 | name | 2023-05-05 | certain must exchange name
01/01/1990 | chip 2022-01-01 | birth_date | 2024-08-01 | certain must exchange birth_date
01/01/1990 | chip 2022-01-01 | looks | 2024-08-01 | certain must exchange looks
01/01/1990 | chip 2022-01-01 | sex | 2024-08-01 | certain must exchange sex
01/01/1990 | chip 2022-01-01 | card_error | 2024-08-01 | certain must exchange card_error
01/01/1990 | chip 2022-01-01 | number_reestablished | 2024-08-01 | certain must exchange number_reestablished
01/01/1990 | chip 2022-01-01 | units_rearranged | 2025-07-01 | certain may exchange units_rearranged
01/01/1990 | chip 2022-01-01 | native_place | 2024-06-30 | certain must exchange native_place
01/01/1990 | chip 2022-01-01 | native_place | 2024-07-01 | no card_good -> 2030-01-01
# lost is a re-issue; damaged was an exchange before 1 July 2024
01/01/1990 | chip 2022-01-01 | lost | 2024-06-30 | certain must re_issue lost
01/01/1990 | chip 2022-01-01 | lost | 2024-07-01 | certain must re_issue lost
01/01/1990 | chip 2022-01-01 | damaged | 2024-06-30 | certain must exchange damaged
01/01/1990 | chip 2022-01-01 | damaged | 2024-07-01 | certain must re_issue damaged
01/01/1990 | chip 2022-01-01 | nationality_restored | 2024-08-01 | certain must re_issue nationality_restored
01/01/1990 | - | nationality_restored | 2023-08-01 | certain must re_issue nationality_restored
01/01/1990 | - | lost | 2023-08-01 | certain must re_issue lost
01/01/1990 | - | name | 2023-08-01 | certain must first_issue no_card since 2016-01-01
# an age that is reached goes before a loss (Art. 24(2)(a)); a loss goes before a change
01/03/2000 | chip 2021-05-01 | lost | 2025-03-01 | certain must exchange age since 2025-03-01
01/03/2000 | chip 2021-05-01 | lost | 2025-02-28 | certain must re_issue lost
01/03/2000 | chip 2021-05-01 | lost name | 2025-02-28 | certain must re_issue lost
# a change goes before an old card type; a request does not make it a duty
01/01/1990 | barcode 2018-01-01 | name | 2022-02-02 | certain must exchange name
01/01/1990 | barcode 2018-01-01 | on_request | 2022-02-02 | certain may exchange on_request
# a child's card is exchanged or re-issued on request
01/09/2016 | cc 2024-09-01 | lost | 2025-01-01 | certain may re_issue lost
01/09/2016 | cc 2024-09-01 | name | 2025-01-01 | certain may exchange name
"""

OUT_OF_SCOPE = """
01/01/1990 | - | dead | 2022-01-01 | no dead
01/01/1990 | - | missing | 2022-01-01 | no missing
01/01/1990 | - | renounced | 2022-01-01 | no renounced
01/01/1990 | - | deleted | 2022-01-01 | no deleted
01/01/1990 | - | abroad | 2022-01-01 | no abroad
01/01/1990 | cmnd 2000-01-01 | in_prison | 2022-01-01 | no in_prison
01/01/1990 | chip 2022-01-01 | address_unknown lost | 2024-01-01 | no address_unknown
01/01/1990 | - | foreign | 2025-01-01 | no foreign
01/01/1990 | - | lost_capacity | 2025-01-01 | certain must first_issue no_card since 2016-01-01
"""

NATIONALITY_UNDETERMINED = """
01/01/1990 | - | undetermined here=2020-01-01 | 2024-06-30 | no no_certificate_yet -> 2024-07-01
01/01/1990 | - | undetermined here=2020-01-01 | 2024-07-01 | certain must certificate since 2024-07-01
01/01/1990 | - | undetermined here=2024-08-31 | 2025-02-27 | no residence_too_short -> 2025-02-28
01/01/1990 | - | undetermined here=2024-08-31 | 2025-02-28 | certain must certificate since 2025-02-28
01/01/1990 | - | undetermined | 2025-02-28 | possible must certificate since 2024-07-01
01/01/2018 | - | undetermined here=2020-01-01 | 2025-01-01 | certain may certificate since 2024-07-01
01/01/1990 | paper 2024-08-01 | undetermined here=2020-01-01 | 2025-01-01 | no certificate_good
1990 | paper ? to 2026-08-01 | undetermined here=2024-01-01 | 2026-08-01 | certain must certificate since 2026-08-01
01/01/1990 | paper 2024-08-01 | | 2025-01-01 | certain must first_issue no_card since 2016-01-01
"""

PARTIAL_BIRTH_DATES = """
# a year alone: possible while the year's birthdays go by
2007 | - | | 2020-12-31 | no under_age -> 2021-01-01
2007 | - | | 2021-01-01 | possible must first_issue no_card since 2021-01-01
2007 | - | | 2021-12-30 | possible must first_issue no_card since 2021-01-01
2007 | - | | 2021-12-31 | certain must first_issue no_card since 2021-12-31
1975 | - | | 2021-06-01 | certain must first_issue no_card since 2016-01-01
2010 | - | | 2024-06-30 | possible must first_issue no_card since 2024-01-01
2010 | - | | 2024-07-01 | possible must first_issue no_card since 2024-01-01
2010 | - | | 2024-12-31 | certain must first_issue no_card since 2024-12-31
2019 | - | | 2025-06-01 | certain may first_issue no_card since 2024-07-01
# a month and a year
03/2007 | - | | 2021-02-28 | no under_age -> 2021-03-01
03/2007 | - | | 2021-03-01 | possible must first_issue no_card since 2021-03-01
03/2007 | - | | 2021-03-31 | certain must first_issue no_card since 2021-03-31
02/2008 | - | | 2022-02-28 | possible must first_issue no_card since 2022-02-01
02/2008 | - | | 2022-03-01 | certain must first_issue no_card since 2022-03-01
# exchange ages; who was 23, or 58, on the day of issue is good to the next
1998 | chip 2021-02-01 | | 2023-02-01 | no card_good -> 2023-02-02
1998 | chip 2021-02-01 | | 2023-02-02 | possible must exchange age since 2023-02-02
1998 | chip 2021-02-01 | | 2023-12-31 | possible must exchange age since 2023-02-02
1999 | chip 2021-02-01 | | 2024-12-30 | possible must exchange age since 2024-01-01
1999 | chip 2021-02-01 | | 2024-12-31 | certain must exchange age since 2024-12-31
# who was 23 at issue is good to 40: neither end of the year is due, the middle is
2000 | chip 2023-06-15 | | 2025-06-15 | no card_good -> 2025-06-16
2000 | chip 2023-06-15 | | 2025-09-01 | possible must exchange age since 2025-06-16
# the printed day settles it
2000 | chip 2023-06-15 to 2040-03-01 | | 2025-09-01 | no card_good -> 2040-03-01
1960 | chip 2021-02-01 | | 2021-06-01 | no card_good
1963 | chip 2021-02-01 | | 2023-02-01 | no card_good -> 2023-02-02
1963 | chip 2021-02-01 | | 2023-02-02 | possible must exchange age since 2023-02-02
2025 | - | | 2025-05-05 | possible may first_issue no_card since 2025-01-01
"""

UNKNOWN_CARD_DATES = """
# a card of a later day was not there yet
01/01/1990 | chip 2022-01-01 | | 2021-12-31 | certain must first_issue no_card since 2016-01-01
# a CMND of unknown age: possibly past its 15 years, certainly void from 2025
01/01/1980 | cmnd ? | | 2021-03-01 | possible must exchange card_expired since 2009-01-01
01/01/1980 | cmnd ? | | 2025-01-01 | certain must exchange cmnd_void since 2025-01-01
# a chip card of unknown day was issued from 21 December 2020 on
01/01/1990 | chip ? | | 2024-01-01 | no card_good -> 2030-01-01
01/06/1998 | chip ? | | 2024-01-01 | possible must exchange age since 2023-06-01
01/06/1950 | chip ? | | 2024-01-01 | no card_good
01/06/1998 | chip ? to 2038-06-01 | | 2024-01-01 | no card_good -> 2038-06-01
"""

WINDOWS = """
# [start, end): the end itself is out
01/06/2007 | - | | 2021-03-01..2021-06-01 | no under_age -> 2021-06-01
01/06/2007 | - | | 2021-03-01..2021-06-02 | certain must first_issue no_card since 2021-06-01
30/06/1996 | chip 2021-02-01 to 2021-06-30 | | 2021-03-01..2021-07-01 | certain must exchange age since 2021-06-30
30/06/1996 | chip 2021-02-01 to 2021-06-30 | | 2021-03-01..2021-06-30 | no card_good -> 2021-06-30
07/07/1980 | cmnd 2006-04-15 | | 2021-03-01..2021-07-01 | certain must exchange card_expired since 2021-04-15
07/07/1980 | cmnd 2005-04-15 | | 2021-03-01..2021-07-01 | certain must exchange card_expired since 2020-04-15
07/07/1980 | cmnd 2012-05-01 | | 2024-07-01..2025-01-01 | certain may exchange old_card_type since 2016-01-01
07/07/1980 | cmnd 2012-05-01 | | 2024-07-01..2025-01-02 | certain must exchange cmnd_void since 2025-01-01
01/10/2010 | - | | 2024-07-01..2024-10-01 | certain may first_issue no_card since 2024-07-01
01/10/2010 | - | | 2024-07-01..2025-01-01 | certain must first_issue no_card since 2024-10-01
2007 | - | | 2021-03-01..2021-07-01 | possible must first_issue no_card since 2021-01-01
01/01/2015 | - | | 2024-06-01..2024-08-01 | certain may first_issue no_card since 2024-07-01
"""


def rows(*tables: str) -> list[str]:
    lines = [line.strip() for table in tables for line in table.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


DAY_CASES = rows(
    FIRST_CARD,
    EXCHANGE_AT_AN_AGE,
    OLD_CARDS,
    STATED_REASONS,
    OUT_OF_SCOPE,
    NATIONALITY_UNDETERMINED,
    PARTIAL_BIRTH_DATES,
    UNKNOWN_CARD_DATES,
)


def read_card(text: str) -> CardFacts | None:
    if text == "-":
        return None
    kind, issued, *rest = text.split()
    return CardFacts(
        type=CARDS[kind],
        issued_on=None if issued == "?" else date.fromisoformat(issued),
        expires_on=date.fromisoformat(rest[1]) if rest[:1] == ["to"] else None,
        no_expiry=rest == ["forever"],
    )


def read_facts(born: str, card: str, said: str) -> PersonFacts:
    words = said.split()
    here = [word.removeprefix("here=") for word in words if word.startswith("here=")]
    return PersonFacts(
        birth=PartialDate.parse(born),
        card=read_card(card),
        life=next((LifeStatus(word) for word in words if word in set(LifeStatus)), LifeStatus.ALIVE),
        nationality=next((Nationality(w) for w in words if w in set(Nationality)), Nationality.VIETNAMESE),
        reasons=frozenset(Ground(word) for word in words if word in set(Ground)),
        lost_capacity="lost_capacity" in words,
        lives_here_since=date.fromisoformat(here[0]) if here else None,
    )


def written(due: Due) -> str:
    if not due.in_scope:
        return f"no {due.reason}" + (f" -> {due.until}" if due.until else "")
    duty = "must" if due.mandatory else "may"
    since = f" since {due.since}" if due.since else ""
    what = "certificate" if due.kind is Kind.IDENTITY_CERTIFICATE else f"{due.kind} {due.ground}"
    return f"{due.certainty} {duty} {what}{since}"


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]


@pytest.mark.parametrize("row", DAY_CASES)
def test_who_is_due_on_a_day(row: str):
    born, card, said, on, answer = cells(row)
    assert written(who_is_due(read_facts(born, card, said), date.fromisoformat(on))) == answer


@pytest.mark.parametrize("row", rows(WINDOWS))
def test_who_is_due_within_a_window(row: str):
    born, card, said, window, answer = cells(row)
    start, end = (date.fromisoformat(day) for day in window.split(".."))
    assert written(due_within(read_facts(born, card, said), start, end)) == answer


def test_the_table_is_large_enough_to_be_a_table():
    assert len(DAY_CASES) + len(rows(WINDOWS)) >= 150
    assert len(set(DAY_CASES)) == len(DAY_CASES)
