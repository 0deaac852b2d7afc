"""Addresses of the explanations."""

from django.urls import path

from muster.web.explaining import explanation, lists, practices

app_name = "explaining"
urlpatterns = [
    path("reports/explanations/", lists.show, name="show"),
    path("reports/explanations/<uuid:id>/", explanation.show, name="one"),
    path("reports/practices/", practices.show, name="practices"),
    path("reports/practices/<uuid:id>/", practices.one, name="practice"),
]
