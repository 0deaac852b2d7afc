"""Addresses of the plan."""

from django.urls import path

from muster.web.plan import appointments, kits, make, targets, week

app_name = "plan"
urlpatterns = [
    path("plan/", week.show, name="week"),
    path("plan/targets/", targets.show, name="targets"),
    path("plan/kits/", kits.show, name="kits"),
    path("plan/make/", make.show, name="make"),
    path("plan/make/adopt/", make.adopt, name="adopt"),
    path("plan/appointments/", appointments.show, name="appointments"),
]
