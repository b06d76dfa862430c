from django.urls import path

from sectorlog.views import handovers

urlpatterns = [
    path("sectors/<slug:slug>/handovers/", handovers.handover_list, name="handover_list"),
    path("sectors/<slug:slug>/handovers/new/", handovers.handover_new, name="handover_new"),
    path("sectors/<slug:slug>/handovers/preview/", handovers.handover_preview, name="handover_preview"),
    path("handovers/<uuid:uuid>/", handovers.handover_detail, name="handover_detail"),
    path("handovers/<uuid:uuid>/items/", handovers.handover_items, name="handover_items"),
    path("handovers/<uuid:uuid>/sign/", handovers.handover_sign, name="handover_sign"),
    path("handovers/<uuid:uuid>/handover.pdf", handovers.handover_pdf, name="handover_pdf"),
]
