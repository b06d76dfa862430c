"""Analysis documents: what the analysts (OPA) know about sectors, as files."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sectors.models.organisation import Sector, Station

if TYPE_CHECKING:
    from officers.models import User


def document_storage() -> FileSystemStorage:
    """Return the folder of documents: outside everything that the web server hands out by itself."""
    return FileSystemStorage(location=settings.DOCUMENTS_ROOT, base_url=None)


def _place(document: Any, filename: str) -> str:
    """Return where a document is kept: a name that says nothing, never the one it was uploaded with."""
    return f"{document.uuid.hex[:2]}/{document.uuid.hex}"


class AnalysisDocumentQuerySet(models.QuerySet["AnalysisDocument"]):
    def visible_to(self, user: User, *, at: datetime.datetime | None = None) -> AnalysisDocumentQuerySet:
        """Return what analysts and heads see of their station or district, and officers of their present sectors."""
        standing = user.standing_at(at)
        return self.filter(withdrawn_at=None).filter(
            Q(station__in=standing.stations | standing.stations_as("analyst"))
            | Q(
                pk__in=self.model.sectors.through.objects.filter(
                    Q(sector__district__in=standing.districts) | Q(sector__in=standing.sectors)
                ).values("analysisdocument")
            )
        )


class AnalysisDocument(models.Model):
    """A file of analytical material on one or several sectors of a station.

    Uploaded by analysts and heads, downloaded by them and by the sectors' officers; every download stands in the
    read log. Withdrawn, never deleted: the row stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="analysis_documents", verbose_name=_("station")
    )
    sectors = models.ManyToManyField(Sector, related_name="analysis_documents", verbose_name=_("sectors"))
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("from"), max_length=100, blank=True, help_text=_("For example: OPA"))
    file = models.FileField(_("file"), storage=document_storage, upload_to=_place, max_length=100)
    filename = models.CharField(max_length=150, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveIntegerField(help_text="bytes", editable=False)
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = AnalysisDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("analysis document")
        verbose_name_plural = _("analysis documents")
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.title
