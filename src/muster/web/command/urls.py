"""Addresses of counts and clock."""

from django.urls import path

from muster.web.command import clock, counts

app_name = "command"
urlpatterns = [
    path("counts/", counts.show, name="counts"),
    path("counts/table.csv", counts.table_csv, name="counts_csv"),
    path("clock/", clock.show, name="clock"),
]
