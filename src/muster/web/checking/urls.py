"""Addresses of the checks."""

from django.urls import path

from muster.web.checking import corrections, dossier, moving, pair, queue

app_name = "checking"
urlpatterns = [
    path("checking/", queue.show, name="queue"),
    path("checking/next/", queue.onward, name="next"),
    path("checking/pairs/next/", queue.onward_pair, name="next_pair"),
    path("checking/<uuid:dossier>/", dossier.show, name="dossier"),
    path("checking/<uuid:dossier>/accept/", moving.accept, name="accept"),
    path("checking/<uuid:dossier>/return/", moving.send_back, name="return"),
    path("checking/<uuid:dossier>/refuse/", moving.refuse, name="refuse"),
    path("checking/<uuid:dossier>/corrections/", corrections.decide, name="corrections"),
    path("checking/pairs/<uuid:pair>/", pair.show, name="pair"),
    path("checking/pairs/<uuid:pair>/merge/", pair.merge, name="merge"),
    path("checking/pairs/<uuid:pair>/reopen/", pair.reopen, name="reopen"),
]
