"""Addresses of the cards."""

from django.urls import path

from muster.web.cards import acting, card, centre, desk, printing

app_name = "cards"
urlpatterns = [
    path("cards/", desk.show, name="desk"),
    path("cards/print/", centre.show, name="centre"),
    path("cards/print/make/", centre.make, name="make"),
    path("cards/batch/<uuid:batch>/", centre.batch, name="batch"),
    path("cards/batch/<uuid:batch>/printed/", centre.printed, name="printed"),
    path("cards/batch/<uuid:batch>/delivered/", centre.delivered, name="delivered"),
    path("cards/batch/<uuid:batch>/data/", printing.data, name="data"),
    path("cards/<uuid:card>/", card.show, name="card"),
    path("cards/<uuid:card>/do/", acting.act, name="act"),
    path("cards/<uuid:card>/faces/", printing.show, name="faces"),
    path("cards/<uuid:card>/receipt/", card.receipt, name="receipt"),
]
