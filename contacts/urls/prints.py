"""Cards, leaflets and posters: staff."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
