from django.urls import path

from audit import views

app_name = "audit"

urlpatterns = [
    path("account/log/", views.own_log, name="own_log"),
    path("audit/", views.log_list, name="log_list"),
    path("audit/reason/", views.reason_give, name="reason_give"),
    path("audit/export.csv", views.log_export, name="log_export"),
    path("audit/health/", views.health_show, name="health_show"),
]
