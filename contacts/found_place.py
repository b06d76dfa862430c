"""How a citizen came to a sector's page: the place that was understood, carried in the page's address."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from django.core import signing
from django.urls import reverse

from sectors.address_search import AddressMatch
from sectors.division import Division, PublicSector


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that a sector's page says it was found by; degrees, EPSG:4326.

    `text` is the address as the register writes it, never what somebody typed; empty for a position. Not `is_exact`:
    the citizen wrote it differently, and should look whether it was understood rightly.
    """

    text: str
    lat: float
    lon: float
    is_exact: bool = True

    @classmethod
    def of(cls, address: AddressMatch | None, lat: float, lon: float) -> FoundPlace:
        if address is None:
            return cls("", round(lat, 5), round(lon, 5))
        return cls(address.text, round(address.lat, 5), round(address.lon, 5), address.exact)

    @classmethod
    def from_token(cls, token: str, sector: PublicSector, current: Division) -> FoundPlace | None:
        """Return the place in a token made for this sector, unless it is forged or the border has moved since."""
        try:
            place = cls(*signing.loads(token, salt=_salt(sector)))
        except (signing.BadSignature, TypeError):  # forged, or made by a release with other fields
            return None
        return place if current.owner(place.lon, place.lat) == sector else None

    def url(self, sector: PublicSector) -> str:
        """Return the address of the sector's page that says how it was found.

        It is signed: nobody can send a link with words of their own on a page of the police.
        """
        token = signing.dumps(astuple(self), salt=_salt(sector))
        return reverse("contacts:sector_detail", args=[sector.slug], query={"found": token})


def _salt(sector: PublicSector) -> str:
    return f"contacts.found_place:{sector.slug}"
