"""The officers' inbox."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
