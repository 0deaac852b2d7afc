"""Addresses of the register: a person stands in them by an id that tells nothing."""

from django.urls import path

from muster.web.register import (
    cancel,
    correcting,
    death,
    events,
    heads,
    household,
    looks,
    moving,
    person,
    purpose,
    search,
)

app_name = "register"
urlpatterns = [
    path("register/", search.index, name="search"),
    path("register/found/", search.found, name="found"),
    path("register/purpose/", purpose.choose, name="purpose"),
    path("register/<uuid:person>/", person.show, name="person"),
    path("register/<uuid:person>/looks/", looks.show, name="looks"),
    path("register/<uuid:person>/correct/", correcting.correct, name="correct"),
    path("register/<uuid:person>/death/", death.record, name="death"),
    path("register/<uuid:person>/event/", events.record, name="event"),
    path("register/<uuid:person>/head/", heads.change, name="head"),
    path("register/<uuid:person>/household/", household.move, name="household"),
    path("register/<uuid:person>/move/", moving.move, name="move"),
    path("register/<uuid:person>/number/", cancel.change, name="number"),
]
