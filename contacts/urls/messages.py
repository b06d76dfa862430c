"""A citizen's message: the form, and its status."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
