from django.urls import path

from sectorlog.views import challenges

urlpatterns = [
    path("sectors/<slug:slug>/challenges/", challenges.challenge_list, name="challenge_list"),
    path("sectors/<slug:slug>/challenges/new/", challenges.challenge_create, name="challenge_create"),
    path("challenges/<uuid:uuid>/", challenges.challenge_detail, name="challenge_detail"),
    path("challenges/<uuid:uuid>/notes/", challenges.challenge_note, name="challenge_note"),
    path("challenges/<uuid:uuid>/change/", challenges.challenge_update, name="challenge_update"),
    path("challenges/<uuid:uuid>/close/", challenges.challenge_close, name="challenge_close"),
    path("challenges/<uuid:uuid>/reopen/", challenges.challenge_reopen, name="challenge_reopen"),
]
