from django.urls import path

from overview.views import back_then, comparing

urlpatterns = [
    path("what-if/", comparing.what_if, name="what_if"),
    path("what-if/releases/<int:pk>/", comparing.release, name="what_if_release"),
    path("what-if/releases/<int:pk>/moves.csv", comparing.release_csv, name="what_if_release_csv"),
    path("what-if/appointment/", comparing.appointment, name="what_if_appointment"),
    path("what-if/planned/", comparing.planned, name="what_if_planned"),
    path("back-then/", back_then.back_then, name="back_then"),
]
