"""How often one may guess at a door that anybody may knock at: counted in the database, for every process together."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction

from muster.kernel.errors import Refusal
from muster.people.models import Guesses

WITHIN = timedelta(minutes=10)


class TooManyQuestions(Refusal):
    """Too many questions in ten minutes."""

    code = "too_many_questions"
    vi = "Đã hỏi quá nhiều lần; hãy thử lại sau mười phút."
    en = "Too many questions; try again in ten minutes."


def count_guess(*, limits: Mapping[str, int], at: datetime) -> None:
    """Count one guess against each limit, for `WITHIN` from the first one on; what was refused stays counted.

    :param limits: how many are let through, by what is counted; only a keyed hash of that is kept
    :param at: the real time
    :raises TooManyQuestions: a limit is passed
    """
    most = {_key(counted): limit for counted, limit in limits.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO people_guesses AS row (key, since, count)
            SELECT key, %(at)s, 1 FROM unnest(%(keys)s::text[]) AS key ORDER BY key
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN row.since > %(begun)s THEN row.count + 1 ELSE 1 END,
                since = CASE WHEN row.since > %(begun)s THEN row.since ELSE excluded.since END
            RETURNING key, count
            """,
            {"keys": sorted(most), "at": at, "begun": at - WITHIN},
        )
        counts = dict(cursor.fetchall())
    if any(counts[key] > limit for key, limit in most.items()):
        raise TooManyQuestions


def forget_guesses(*, at: datetime) -> int:
    """Delete the counts that are over; return how many."""
    return int(Guesses.objects.filter(since__lte=at - WITHIN).delete()[0])


def _key(counted: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), b"guess" + counted.encode(), sha256).hex()[:32]
