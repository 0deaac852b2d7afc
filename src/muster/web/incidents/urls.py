"""Addresses of the incident desk."""

from django.urls import path

from muster.web.incidents import queue, team, ticket

app_name = "incidents"
urlpatterns = [
    path("incidents/", queue.show, name="queue"),
    path("incidents/team/", team.show, name="team"),
    path("incidents/<uuid:ticket>/", ticket.show, name="ticket"),
]
