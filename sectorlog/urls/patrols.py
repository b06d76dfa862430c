from django.urls import path

from sectorlog.views import patrols

urlpatterns = [
    path("patrols/start/", patrols.patrol_start, name="patrol_start"),
    path("patrols/<uuid:uuid>/stop/", patrols.patrol_stop, name="patrol_stop"),
    path("patrols/<uuid:uuid>/", patrols.patrol_mend, name="patrol_mend"),
    path("sectors/<slug:slug>/patrols/", patrols.patrol_share, name="patrol_share"),
]
