"""Addresses of the survey. A name never stands in one: units, campaigns and cases go by their ids."""

from django.urls import path

from muster.web.survey import campaigns, lists, marks, overview, taking

app_name = "survey"
urlpatterns = [
    path("survey/", overview.show, name="overview"),
    path("survey/open/", campaigns.open_one, name="open"),
    path("survey/<uuid:campaign>/run/<int:unit>/", campaigns.run, name="run"),
    path("survey/<uuid:campaign>/list/<int:unit>/", lists.show, name="list"),
    path("survey/<uuid:campaign>/list/<int:unit>/mark/<uuid:case>/", marks.mark, name="mark"),
    path("survey/<uuid:campaign>/list/<int:unit>/print/", taking.on_paper, name="print"),
    path("survey/<uuid:campaign>/list/<int:unit>/list.xlsx", taking.in_a_workbook, name="export"),
    path("survey/<uuid:campaign>/list/<int:unit>/ask/", taking.ask, name="ask"),
]
