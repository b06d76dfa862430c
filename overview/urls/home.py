from django.urls import path

from overview.views import home

urlpatterns = [
    path("", home.home, name="home"),
    path("meeting.pdf", home.meeting, name="meeting"),
]
