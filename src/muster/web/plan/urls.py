"""Addresses of the plan."""

from django.urls import path

from muster.web.plan import (
    appointments,
    booking,
    command,
    crews,
    duties,
    kits,
    make,
    rules,
    sessions,
    targets,
    venues,
    week,
)

app_name = "plan"
urlpatterns = [
    path("plan/", week.show, name="week"),
    path("plan/targets/", targets.show, name="targets"),
    path("plan/command/", command.show, name="command"),
    path("plan/kits/", kits.show, name="kits"),
    path("plan/kits/<uuid:kit>/", kits.kit, name="kit"),
    path("plan/crews/", crews.show, name="crews"),
    path("plan/crews/<uuid:crew>/", crews.crew, name="crew"),
    path("plan/duties/", duties.show, name="duties"),
    path("plan/duties/duties.xlsx", duties.table_xlsx, name="duties_xlsx"),
    path("plan/venues/", venues.show, name="venues"),
    path("plan/venues/<uuid:venue>/", venues.venue, name="venue"),
    path("plan/sessions/", sessions.open_one, name="open"),
    path("plan/sessions/<uuid:session>/", sessions.show, name="session"),
    path("plan/sessions/<uuid:session>/list/", booking.on_paper, name="list"),
    path("plan/book/", booking.find, name="find"),
    path("plan/book/<uuid:person>/", booking.book, name="book"),
    path("plan/make/", make.show, name="make"),
    path("plan/make/adopt/", make.adopt, name="adopt"),
    path("plan/rules/", rules.show, name="rules"),
    path("plan/appointments/", appointments.show, name="appointments"),
]
