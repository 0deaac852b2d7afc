"""Addresses of the handbooks."""

from django.urls import path

from muster.web.handbooks import pages

app_name = "handbooks"
urlpatterns = [
    path("handbook/", pages.show, name="show"),
    path("handbook/citizen.pdf", pages.citizen, name="citizen"),
    path("handbook/<str:role>.pdf", pages.officer, name="officer"),
]
