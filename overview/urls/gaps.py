from django.urls import path

from overview.views import gaps

urlpatterns = [
    path("gaps/", gaps.calendar, name="gaps"),
    path("gaps.csv", gaps.calendar_csv, name="gaps_csv"),
    path("day/", gaps.day, name="day"),
    path("day.csv", gaps.day_csv, name="day_csv"),
]
