"""Addresses of sign-in and people."""

from django.urls import path

from muster.web.accounts import account, approvals, officers, sign_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/demo/<str:username>", sign_in.demo, name="demo"),
    path("sign-in/code/", sign_in.factor, name="factor"),
    path("sign-in/phone/", sign_in.enrol, name="enrol"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/", account.show, name="account"),
    path("account/password/", sign_in.password, name="password"),
    path("officers/", officers.index, name="officers"),
    path("officers/add/", officers.add, name="add"),
    path("officers/<uuid:officer>/", officers.show, name="officer"),
    path("officers/<uuid:officer>/change/", officers.change, name="change"),
    path("approvals/", approvals.index, name="approvals"),
    path("approvals/break-glass/", approvals.ask_glass, name="ask_glass"),
    path("approvals/<uuid:approval>/", approvals.show, name="approval"),
]
