from django.urls import path

from sectorlog.models import RecordKind
from sectorlog.views import retention

# How each kind is called in addresses.
PLACES = {
    RecordKind.ENTRY: "entries",
    RecordKind.PARTY: "parties",
    RecordKind.CONTACT: "contacts",
    RecordKind.CHALLENGE: "challenges",
    RecordKind.HANDOVER: "handovers",
}

urlpatterns = [
    path("retention/", retention.retention_list, name="retention_list"),
    path("retention/erasures/", retention.erasure_list, name="erasure_list"),
    *[
        path(
            f"retention/{place}/<uuid:uuid>/",
            retention.retention_record,
            {"kind": kind},
            name=f"retention_{kind}",
        )
        for kind, place in PLACES.items()
    ],
]
