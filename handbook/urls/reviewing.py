"""Contributions as editors receive and insert them."""

from django.urls import path

from handbook.views import reviewing

urlpatterns = [
    path("<slug:station>/contributions/", reviewing.queue, name="contribution_list"),
    path("contributions/<uuid:uuid>/take-up/", reviewing.take_up, name="contribution_take_up"),
    path("contributions/<uuid:uuid>/ask/", reviewing.ask, name="contribution_ask"),
    path("contributions/<uuid:uuid>/insert/", reviewing.insert, name="contribution_insert"),
    path("contributions/<uuid:uuid>/reword/", reviewing.reword, name="contribution_reword"),
    path("contributions/<uuid:uuid>/decline/", reviewing.decline, name="contribution_decline"),
    path("contributions/<uuid:uuid>/take-out/", reviewing.take_out, name="contribution_take_out"),
]
