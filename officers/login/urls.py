"""The addresses of logging in, below /account/: those of allauth that are in use, and no others.

Not here: signing up, changing one's e-mail address, connecting further sign-ons. What has no address cannot be used.
"""

from allauth.account import views as account
from allauth.mfa import urls as mfa
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path

from officers.login import views
from officers.login.text_messages import text_messages

urlpatterns = [
    path("", views.account, name="account_home"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("invitation/<str:secret>/", views.invitation, name="account_invitation"),
    path("second-factor/", include(mfa)),
    path("text-messages/", text_messages, name="account_text_messages"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
]
