"""Uniform forms: drawn up by the heads, published in versions (handbook, How to perform the task, 10)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sectors.models import District, Sector, Station

if TYPE_CHECKING:
    from officers.models import User


class FormTemplateQuerySet(models.QuerySet["FormTemplate"]):
    def for_sector(self, sector: Sector) -> FormTemplateQuerySet:
        """Return the forms to write in the sector with, before it is asked whether a version is published.

        A form of the sector's district stands for one of the same name of the station, that for one of the first
        set: from its first publication on, and retired as well. A draft takes no form away.
        """
        published = FormVersion.objects.filter(template=OuterRef("pk"), published_at__isnull=False)
        decided = Exists(published) | Q(retired_at__isnull=False)
        nearer = FormTemplate.objects.filter(decided, slug=OuterRef("slug"))
        of_district = Q(district=sector.district_id)
        of_station = Q(station=sector.station_id, district=None)
        return self.filter(
            of_district
            | of_station & ~Exists(nearer.filter(of_district))
            | Q(station=None) & ~Exists(nearer.filter(of_district | of_station)),
            retired_at=None,
        )

    def visible_to(self, user: User) -> FormTemplateQuerySet:
        """Return the first set and the forms of the stations where one works; all to a reviewer."""
        standing = user.standing
        return self if standing.is_reviewer else self.filter(Q(station=None) | Q(station__in=standing.home))

    def headed_by(self, user: User) -> FormTemplateQuerySet:
        """Return what `user` may change: forms of the stations, or of the districts, that they head."""
        standing = user.standing
        return self.filter(Q(station__in=standing.stations) | Q(district__in=standing.districts))


class FormTemplate(models.Model):
    """A form of the log: what its versions have in common.

    The first set (station empty) comes with the site and is not changed; a head makes a form of the same `slug` to
    have another in its place. Retired, it is offered no more; what was written with it stays as it is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    station = models.ForeignKey(
        Station,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="form_templates",
        verbose_name=_("station"),
    )
    district = models.ForeignKey(
        District,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="form_templates",
        verbose_name=_("local police district"),
        help_text=_("Empty: for all of the station."),
    )
    slug = models.SlugField(_("slug"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects = FormTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ("position", "slug")
        constraints = [
            models.UniqueConstraint(
                Coalesce("station", Value(0), output_field=models.BigIntegerField()),
                Coalesce("district", Value(0), output_field=models.BigIntegerField()),
                "slug",
                name="formtemplate_slug_once",
                violation_error_message=_("There is a form of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(district=None) | Q(station__isnull=False), name="formtemplate_district_of_station"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class FormVersionQuerySet(models.QuerySet["FormVersion"]):
    def published(self) -> FormVersionQuerySet:
        """Return the versions to write with: the latest published one of each form that is not retired."""
        later = FormVersion.objects.filter(template=OuterRef("template"), number__gt=OuterRef("number"))
        return self.filter(template__retired_at=None, published_at__isnull=False).exclude(
            Exists(later.filter(published_at__isnull=False))
        )

    def for_sector(self, sector: Sector) -> FormVersionQuerySet:
        """Return the versions to write in the sector with, in the order that the heads chose."""
        return (
            self.published()
            .filter(template__in=FormTemplate.objects.for_sector(sector))
            .select_related("template")
            .order_by("template__position", "template__slug")
        )


class FormVersion(models.Model):
    """One wording of a form. A draft until it is published; from then on the database keeps it as it is for ever.

    `fields` is a list of {"key", "kind", "label": {"en", "da"}, "help": {…}, "required", "choices": [{"value",
    "label": {…}}]}; `kind` is one of `Kind`. `sectorlog.uniform_forms.fields` makes Django form fields of it.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        LONG_TEXT = "long_text", _("long text")
        NUMBER = "number", _("number")
        CHOICE = "choice", _("choice")
        CHOICES = "choices", _("several choices")
        DATE = "date", _("date")
        YES_NO = "yes_no", _("yes or no")
        PLACE = "place", _("place on the map")
        PARTY = "party", _("party of interest")
        GROUP = "group", _("target group")

    template = models.ForeignKey(
        FormTemplate, models.PROTECT, related_name="versions", verbose_name=_("form")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    name = models.JSONField(_("name"), help_text='{"en": …, "da": …}')
    purpose = models.JSONField(_("what it is for"), default=dict, blank=True)
    fields = models.JSONField(_("fields"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        ordering = ("template", "-number")
        constraints = [
            models.UniqueConstraint(fields=("template", "number"), name="formversion_number_once"),
            models.UniqueConstraint(
                fields=("template",),
                condition=Q(published_at=None),
                name="formversion_one_draft",
                violation_error_message=_("This form has a draft already. Publish it or change it."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name)


def in_language(texts: dict[str, Any]) -> str:
    """Return the text in the reader's language, in another one where it was not written in that."""
    own = texts.get((get_language() or "en")[:2])
    return str(own or next((text for text in texts.values() if text), ""))
