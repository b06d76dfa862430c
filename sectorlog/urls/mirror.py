from django.urls import path

from sectorlog.views.mirror import mirror

urlpatterns = [path("sectors/<slug:slug>/mirror/", mirror, name="mirror")]
