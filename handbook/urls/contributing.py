"""Contributions as officers write and follow them."""

from django.urls import path

from handbook.views import contributing

urlpatterns = [
    path("<slug:station>/contribute/<slug:anchor>/", contributing.create, name="contribution_create"),
    path("<slug:station>/contributions/mine/", contributing.mine, name="contribution_mine"),
    path("contributions/<uuid:uuid>/", contributing.detail, name="contribution_detail"),
    path("contributions/<uuid:uuid>/answer/", contributing.answer, name="contribution_answer"),
    path("contributions/<uuid:uuid>/withdraw/", contributing.withdraw, name="contribution_withdraw"),
    path("contributions/<uuid:uuid>/agree/", contributing.agree, name="contribution_agree"),
]
