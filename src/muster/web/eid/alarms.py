"""Alarms: devices with many accounts, officers with many activations in an hour. Somebody looks; none is locked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from muster.account import queries
from muster.kernel import formats
from muster.law.eid import alarm_rule
from muster.law.tables import NoLawInForce
from muster.people import queries as people
from muster.people import rights
from muster.people.rights import NotAllowed
from muster.ui.parts import Column, Link, Row, Table
from muster.web.accounts.visit import Visit, campaign_day, campaign_time
from muster.web.accounts.words import Say, saying
from muster.web.eid import who as workers
from muster.web.language import language_of
from muster.web.register import purpose


@require_GET
def show(request: Visit) -> HttpResponse:
    """Show the alarms of one's area."""
    who = purpose.reader(request, workers.ALARMS)
    scope = rights.scope(who.grants, workers.ALARMS, who.purpose)
    if not scope:
        raise NotAllowed(action=workers.ALARMS)
    say = saying(request)
    values = {
        "trail": [Link(reverse("eid:queue"), say("eid.title")), Link("", say("eid.alarms.title"), here=True)],
        "lists": [_devices(request, say, scope), _officers(request, say, scope)],
        "rule": _rule(request, say),
    }
    return render(request, "eid/alarms.html", values)


def _rule(request: Visit, say: Say) -> str:
    try:
        rule = alarm_rule(campaign_day(request))
    except NoLawInForce:
        return say("eid.alarms.no_rule")
    return say(
        "eid.alarms.rule", accounts=rule.accounts_of_device, days=rule.device_days,
        activations=rule.activations_of_officer_an_hour,
    )  # fmt: skip


def _devices(request: Visit, say: Say, scope: frozenset[int]) -> Table:
    rows: list[Row] = [
        {
            "device": one.device,
            "accounts": formats.count(one.accounts, language_of(request)),
            "last": formats.moment(one.last),
        }
        for one in queries.device_alarms(scope, campaign_time(request))
    ]
    return _table(say, "devices", ["device", "accounts", "last"], rows)


def _officers(request: Visit, say: Say, scope: frozenset[int]) -> Table:
    found = queries.officer_alarms(scope, campaign_time(request))
    names = people.names_of(one.officer for one in found)
    rows: list[Row] = [
        {
            "officer": names.get(one.officer, one.officer.hex[-8:]),
            "hour": formats.moment(one.hour),
            "accounts": formats.count(one.accounts, language_of(request)),
        }
        for one in found
    ]
    return _table(say, "officers", ["officer", "hour", "accounts"], rows)


def _table(say: Say, name: str, columns: list[str], rows: list[Row]) -> Table:
    told = [Column(one, say(f"eid.alarms.{one}"), one == "accounts") for one in columns]
    return Table(say(f"eid.alarms.of_{name}"), told, rows, say("eid.alarms.none"))
