"""Addresses of the pages."""

from django.urls import path

from muster.web import home, language, parts_page

app_name = "web"
urlpatterns = [
    path("", home.show, name="home"),
    path("preferences/", language.choose, name="preferences"),
    path("ui/", parts_page.show, name="parts"),
]
