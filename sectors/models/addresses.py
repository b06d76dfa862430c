"""The address register: streets and addresses with coordinates, imported from files."""

from __future__ import annotations

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from sectors.models.organisation import Sector


class Street(models.Model):
    """A street within one postal district. Made by `import_addresses`, never by hand."""

    name = models.CharField(_("street"), max_length=100)
    postcode = models.CharField(_("postcode"), max_length=12)
    city = models.CharField(_("city"), max_length=100)
    # The name as it is compared: see `sectors.spelling.search_key`.
    key = models.CharField(max_length=120, editable=False)
    address_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        ordering = ("name", "postcode")
        constraints = [
            models.UniqueConstraint(
                fields=("name", "postcode", "city"), name="street_once_per_postal_district"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.postcode} {self.city}"


class Address(models.Model):
    """A house door: street, house number with letter, and where it is (degrees, EPSG:4326).

    `sector` is the sector of the release in force, brought up to date in the background after a publication.
    Look-ups do not rely on it: they ask the division in force about the location.
    """

    street = models.ForeignKey(Street, models.CASCADE, related_name="addresses", verbose_name=_("street"))
    number = models.PositiveIntegerField(_("house number"))
    letter = models.CharField(_("letter"), max_length=10, blank=True)
    location = models.PointField(_("location"), srid=4326)
    sector = models.ForeignKey(
        Sector, models.SET_NULL, null=True, blank=True, related_name="addresses", verbose_name=_("sector")
    )

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=("street", "number", "letter"), name="address_once_per_street")
        ]

    def __str__(self) -> str:
        return f"{self.street.name} {self.house}, {self.street.postcode} {self.street.city}"

    @property
    def house(self) -> str:
        return f"{self.number}{self.letter}"


class AddressImport(models.Model):
    """One run of `import_addresses` over one file, so that an interrupted run can be taken up where it stopped.

    `fingerprint` is the SHA-256 of the file's content together with the column mapping.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(_("file"), max_length=255)
    # How far the file is in the register, in records read from the file's beginning, bad ones included.
    records_done = models.PositiveBigIntegerField(default=0)
    bad_records = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("address import")
        verbose_name_plural = _("address imports")
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return self.file_name
