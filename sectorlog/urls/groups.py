from django.urls import path

from sectorlog.views import group_catalogue, groups
from sectorlog.views.matrix import matrix

urlpatterns = [
    path("matrix/", matrix, name="matrix"),
    path("groups/", group_catalogue.group_catalogue, name="group_catalogue"),
    path("groups/<slug:slug>/", group_catalogue.group_rename, name="group_rename"),
    path("groups/<slug:slug>/retire/", group_catalogue.group_retire, name="group_retire"),
    path("sectors/<slug:slug>/groups/", groups.group_list, name="group_list"),
    path("sectors/<slug:slug>/groups/<slug:group>/", groups.group_detail, name="group_detail"),
    path("sectors/<slug:slug>/groups/<slug:group>/status/", groups.group_status, name="group_status"),
    path("sectors/<slug:slug>/groups/<slug:group>/agree/", groups.group_agree, name="group_agree"),
]
