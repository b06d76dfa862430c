from django.urls import path

from sectorlog.views import public_side

urlpatterns = [
    path("messages/<uuid:uuid>/entry/", public_side.entry_from_message, name="entry_from_message"),
    path(
        "messages/<uuid:uuid>/challenge/", public_side.challenge_from_message, name="challenge_from_message"
    ),
    path("entries/<uuid:uuid>/tell/", public_side.public_tell, name="public_tell"),
]
