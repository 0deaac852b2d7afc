"""Addresses of the story."""

from django.urls import path

from muster.web.story import pages

app_name = "story"
urlpatterns = [
    path("story/", pages.show, name="show"),
    path("story/go/", pages.go, name="go"),
    path("story/end/", pages.end, name="end"),
]
