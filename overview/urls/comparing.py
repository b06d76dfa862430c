from django.urls import path

from overview.views import back_then, comparing, comparing_files

urlpatterns = [
    path("what-if/", comparing.what_if, name="what_if"),
    path("what-if.csv", comparing_files.what_if_csv, name="what_if_csv"),
    path("what-if/releases/<int:pk>/", comparing.release, name="what_if_release"),
    path("what-if/releases/<int:pk>.csv", comparing_files.release_csv, name="what_if_release_csv"),
    path("what-if/appointment/", comparing.appointment, name="what_if_appointment"),
    path("what-if/appointment.csv", comparing_files.appointment_csv, name="what_if_appointment_csv"),
    path("what-if/planned/", comparing.planned, name="what_if_planned"),
    path("what-if/planned.csv", comparing_files.planned_csv, name="what_if_planned_csv"),
    path("back-then/", back_then.back_then, name="back_then"),
    path("back-then.csv", back_then.back_then_csv, name="back_then_csv"),
]
