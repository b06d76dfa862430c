"""QR codes as drawings: of a sector's page, and of whatever else is printed."""

from __future__ import annotations

import io

import segno

from contacts.take_along.addresses import one_line


def qr_svg(address: str, title: str) -> bytes:
    """Return a QR code of the address as an SVG with a title for those who do not see it.

    Black on white in every scheme, with the quiet zone that readers need; a seventh of it may be dirty.
    """
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(
        drawn,
        kind="svg",
        title=one_line(title),
        light="white",
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return drawn.getvalue()
