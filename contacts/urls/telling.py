"""Hours, notices and events: staff."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
