"""Addresses of the desk."""

from django.urls import path

from muster.web.desk import dossier, taking

app_name = "desk"
urlpatterns = [
    path("desk/person/<uuid:person>/", taking.take, name="take"),
    path("desk/dossiers/<uuid:dossier>/", dossier.show, name="dossier"),
    path("desk/dossiers/<uuid:dossier>/withdraw/", dossier.withdraw, name="withdraw"),
]
