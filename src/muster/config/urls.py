"""Addresses of all pages."""

from django.urls import URLPattern, URLResolver, include, path

from muster.api.stations import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("muster.web.urls")),
    path("", include("muster.web.accounts.urls")),
    path("", include("muster.web.command.urls")),
    path("", include("muster.web.reports.urls")),
    path("", include("muster.web.explaining.urls")),
    path("", include("muster.web.briefings.urls")),
    path("", include("muster.web.register.urls")),
    path("", include("muster.web.survey.urls")),
    path("", include("muster.web.plan.urls")),
    path("", include("muster.web.incidents.urls")),
    path("", include("muster.web.desk.urls")),
    path("", include("muster.web.citizen.urls")),
    path("", include("muster.web.checking.urls")),
    path("", include("muster.web.cards.urls")),
    path("", include("muster.web.eid.urls")),
    path("", include("muster.web.units.urls")),
    path("", include("muster.web.story.urls")),
    path("", include("muster.web.handbooks.urls")),
    path("", include("muster.web.audit.urls")),
]
handler400 = "muster.web.errors.bad_request"
handler403 = "muster.web.errors.forbidden"
handler404 = "muster.web.errors.not_found"
handler500 = "muster.web.errors.failed"
