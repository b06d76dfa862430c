"""The site's addresses as they are where a police force's own sign-on is set."""

from django.urls import include, path

from config.urls import urlpatterns as site

urlpatterns = [path("account/oidc/", include("officers.login.sign_on_urls")), *site]
