"""Addresses of the briefings."""

from django.urls import path

from muster.web.briefings import pages

app_name = "briefings"
urlpatterns = [
    path("briefings/", pages.show, name="show"),
    path("briefings/slides/", pages.slides, name="slides"),
    path("briefings/briefing.pdf", pages.as_pdf, name="pdf"),
    path("briefings/briefing.xlsx", pages.as_xlsx, name="xlsx"),
]
