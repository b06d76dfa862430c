"""Pictures within a print: the QR code as lines, the portrait as it is kept."""

from __future__ import annotations

import base64

import segno

from officers.models import Portrait
from officers.responsibility import PublicOfficer

# Modules of white around the code, which the standard asks for.
QUIET_ZONE = 4


def qr_code(address: str) -> str:
    """Return the QR code that leads to the address, as an SVG within the page; error correction M or better."""
    return segno.make_qr(address, error="m").svg_data_uri(
        border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True
    )


def portrait(officer: PublicOfficer | None) -> str:
    """Return the officer's portrait (480 pixels) as a picture within the page; empty without one. One query."""
    if officer is None or not officer.portrait:
        return ""
    picture = Portrait.objects.filter(digest=officer.portrait).values_list("large", flat=True).first()
    if picture is None:
        return ""
    return "data:image/jpeg;base64," + base64.b64encode(bytes(picture)).decode()
