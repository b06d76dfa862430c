"""Making a print: the row that says what it says, and the PDF."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation

from contacts.models import PrintRun
from contacts.printing import cards, leaflet, poster
from contacts.printing.facts import Facts, short_address
from contacts.printing.pictures import qr_code
from officers.models import Assignment, Officer
from sectors.printing import pdf

if TYPE_CHECKING:
    from officers.models import User

# Who presses the button twice means one print.
SAME_WITHIN = datetime.timedelta(minutes=2)


class NoOfficer(Exception):
    """Cards are of a person, and nobody is appointed to the sector."""


def make(facts: Facts, kind: str, language: str, by: User, now: datetime.datetime | None = None) -> PrintRun:
    """Write down what a print says that is made now. Raises NoOfficer for cards of a vacant sector.

    Cards are in all languages: theirs is empty. The same print asked for twice within two minutes is one.
    """
    now, said = now or timezone.now(), facts.said
    if kind == PrintRun.Kind.CARDS:
        language = ""
        if facts.officer is None:
            raise NoOfficer
    what = {
        "kind": kind,
        "language": language,
        "sector_id": facts.sector.id,
        "officer": _officer(facts, now),
        "name": said.name,
        "phone": said.phone,
        "email": said.email,
        "made_by": by,
    }
    just_made = PrintRun.objects.filter(**what, made_at__gt=now - SAME_WITHIN).first()
    return just_made or PrintRun.objects.create(**what, made_at=now)


def _officer(facts: Facts, now: datetime.datetime) -> Officer | None:
    if facts.officer is None:
        return None
    responsible = Assignment.objects.active_at(now).filter(
        sector=facts.sector.id, role=Assignment.Role.RESPONSIBLE
    )
    return Officer.objects.filter(assignments__in=responsible).first()


def file_of(run: PrintRun, facts: Facts, size: str = "a4") -> bytes:
    """Return the PDF of a print that still holds; `size` matters to a poster alone."""
    return rendered(
        facts,
        run.kind,
        run.language,
        code=run.code,
        address=short_address(run.code),
        made_on=timezone.localdate(run.made_at),
        size=size,
    )


def rendered(
    facts: Facts,
    kind: str,
    language: str,
    *,
    code: str,
    address: str,
    made_on: datetime.date,
    size: str = "a4",
) -> bytes:
    """Return the PDF of a print whose QR code leads to `address`, in the language; without one, the site's own."""
    with translation.override(language or settings.LANGUAGE_CODE):
        context = _context(facts, kind, size) | {
            "facts": facts,
            "sector": facts.sector,
            "said": facts.said,
            "code": code,
            "address": address,
            "shown_address": _shown(address),
            "site": _shown(settings.SITE_URL),
            "qr": qr_code(address),
            "made_on": made_on,
        }
        return pdf(f"contacts/print/{kind}.html", context)


def _context(facts: Facts, kind: str, size: str) -> dict[str, Any]:
    match kind:
        case PrintRun.Kind.CARDS:
            return cards.context(facts)
        case PrintRun.Kind.LEAFLET:
            return leaflet.context(facts)
    return poster.context(facts, size)


def _shown(address: str) -> str:
    """Return an address as people type it."""
    return address.removeprefix("https://").removeprefix("http://").removesuffix("/")
