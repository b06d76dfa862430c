"""A citizen's message: the form, and its status."""

from django.urls import path

from contacts.views.message_leave import message_leave
from contacts.views.message_status import message_status, message_withdraw

urlpatterns = [
    path("sectors/<slug:slug>/message/", message_leave, name="message_leave"),
    path("messages/<str:token>/", message_status, name="message_status"),
    path("messages/<str:token>/withdraw/", message_withdraw, name="message_withdraw"),
]
