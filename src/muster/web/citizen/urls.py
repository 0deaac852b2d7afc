"""Addresses for citizens."""

from django.urls import path

from muster.web.citizen import appointment, pages

app_name = "citizen"
urlpatterns = [
    path("card/", pages.card, name="card"),
    path("card/account/", pages.account, name="account"),
    path("card/appointment/", appointment.change, name="appointment"),
    path("card/child/", pages.child, name="child"),
]
