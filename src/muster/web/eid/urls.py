"""Addresses of the accounts."""

from django.urls import path

from muster.web.eid import account, acting, alarms, queue

app_name = "eid"
urlpatterns = [
    path("eid/", queue.show, name="queue"),
    path("eid/alarms/", alarms.show, name="alarms"),
    path("eid/<uuid:account>/", account.show, name="account"),
    path("eid/<uuid:account>/do/", acting.act, name="act"),
    path("eid/person/<uuid:person>/", acting.ask, name="ask"),
]
