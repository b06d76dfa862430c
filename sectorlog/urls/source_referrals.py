from django.urls import path

from sectorlog.views import source_referrals as views

urlpatterns = [
    path("source/", views.source_referral, name="source_referral"),
]
