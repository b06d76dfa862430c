"""The addresses of a police force's own sign-on, where one is set: in no language, as its provider knows them."""

from django.urls import path

from officers.login import sign_on

urlpatterns = [
    path("<slug:provider_id>/login/", sign_on.begin, name="openid_connect_login"),
    path("<slug:provider_id>/login/callback/", sign_on.callback, name="openid_connect_callback"),
]
