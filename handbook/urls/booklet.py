"""The handbook on paper."""

from django.urls import path

from handbook.views import booklet

urlpatterns = [
    path("<slug:station>/booklet/", booklet.booklet, name="booklet"),
    path("<slug:station>/booklet.pdf", booklet.booklet_pdf, name="booklet_pdf"),
]
