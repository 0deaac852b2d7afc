"""Addresses of the explanations."""

from django.urls import path

from muster.web.explaining import explanation, inspections, lists, practices, reviews

app_name = "explaining"
urlpatterns = [
    path("reports/explanations/", lists.show, name="show"),
    path("reports/explanations/<uuid:id>/", explanation.show, name="one"),
    path("reports/practices/", practices.show, name="practices"),
    path("reports/practices/<uuid:id>/", practices.one, name="practice"),
    path("reports/inspections/", inspections.show, name="inspections"),
    path("reports/inspections/<uuid:id>/", inspections.one, name="inspection"),
    path("reports/evening/", reviews.show, name="reviews"),
]
