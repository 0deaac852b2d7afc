"""Addresses of the audit."""

from django.urls import path

from muster.web.audit import pages

app_name = "audit"
urlpatterns = [
    path("audit/", pages.index, name="index"),
    path("audit/seals/<int:number>/", pages.seal, name="seal"),
]
