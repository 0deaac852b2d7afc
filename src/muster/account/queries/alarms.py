"""Alarms: a device with many accounts, many activated beside one officer in an hour. Nobody is locked by them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from muster.kernel.clock import local
from muster.law.eid import AlarmRule, alarm_rule
from muster.law.tables import NoLawInForce

SHOWN = 8  # hexadecimal digits of a device's hash: enough to tell devices apart on a page
_HERE = """
    EXISTS (SELECT FROM units_unit WHERE id IN (account.unit_done_id, account.unit_residence_id)
            AND ancestors && %(scope)s::int[])
"""


@dataclass(frozen=True, slots=True)
class DeviceAlarm:
    """A device that came to many accounts lately; at least one of them belongs to the scope."""

    device: str
    accounts: int
    last: datetime


@dataclass(frozen=True, slots=True)
class OfficerAlarm:
    """An officer beside whom many accounts were activated in one hour."""

    officer: UUID
    hour: datetime
    accounts: int


def device_alarms(scope: Collection[int], at: datetime, *, rule: AlarmRule | None = None) -> list[DeviceAlarm]:
    """Return the devices that raise an alarm in a scope, the fullest first.

    :param rule: instead of the rule of the day
    """
    if (rule := rule or _rule(at)) is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH busy AS MATERIALIZED (
                SELECT device FROM account_device WHERE since > %(after)s AND since <= %(at)s
                GROUP BY device HAVING count(*) > %(most)s
            ), many AS (
                SELECT device, count(DISTINCT account_id) AS accounts, max(since) AS last
                FROM busy JOIN account_device USING (device) WHERE since > %(after)s AND since <= %(at)s
                GROUP BY device HAVING count(DISTINCT account_id) > %(most)s)
            SELECT left(encode(device, 'hex'), {SHOWN}), accounts, last FROM many
            WHERE EXISTS (SELECT FROM account_device AS held JOIN account_account AS account ON account.id = account_id
                          WHERE held.device = many.device AND {_HERE})
            ORDER BY accounts DESC, last DESC, device
            """,
            {"after": at - timedelta(days=rule.device_days), "at": at, "most": rule.accounts_of_device,
             "scope": list(scope)},
        )  # fmt: skip
        return [DeviceAlarm(*row) for row in cursor.fetchall()]


def officer_alarms(scope: Collection[int], at: datetime, *, rule: AlarmRule | None = None) -> list[OfficerAlarm]:
    """Return the officers and hours that raise an alarm in a scope, within the days the rule looks back.

    :param rule: instead of the rule of the day
    """
    if (rule := rule or _rule(at)) is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT activated_by, date_trunc('hour', activated_at, 'Asia/Ho_Chi_Minh') AS hour, count(*)
            FROM account_account AS account
            WHERE activated_by IS NOT NULL AND activated_at > %(after)s AND activated_at <= %(at)s AND {_HERE}
            GROUP BY 1, 2 HAVING count(*) > %(most)s ORDER BY 3 DESC, 2 DESC, 1
            """,
            {"after": at - timedelta(days=rule.device_days), "at": at, "most": rule.activations_of_officer_an_hour,
             "scope": list(scope)},
        )  # fmt: skip
        return [OfficerAlarm(*row) for row in cursor.fetchall()]


def _rule(at: datetime) -> AlarmRule | None:
    """Return the rule of a moment's day; none before there were accounts."""
    try:
        return alarm_rule(local(at).date())
    except NoLawInForce:
        return None
