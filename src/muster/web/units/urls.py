"""Addresses of units."""

from django.urls import path

from muster.web.units import hamlets, page

app_name = "units"
urlpatterns = [
    path("units/", page.show, name="show"),
    path("units/hamlets/", hamlets.add, name="add_hamlets"),
]
