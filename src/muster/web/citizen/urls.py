"""Addresses for citizens."""

from django.urls import path

from muster.web.citizen import pages

app_name = "citizen"
urlpatterns = [
    path("card/", pages.card, name="card"),
    path("card/child/", pages.child, name="child"),
]
