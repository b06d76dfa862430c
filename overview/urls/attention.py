from django.urls import path

from overview.views import attention

urlpatterns = [
    path("attention/", attention.waiting, name="attention"),
    path("attention.csv", attention.waiting_csv, name="attention_csv"),
]
