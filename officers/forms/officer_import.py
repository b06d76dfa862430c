"""The forms of the import of officers: the file, and then the word that what was read is meant."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from officers.models import User
from officers.officer_import import PlannedLine
from sectors.models import Station
from sectors.uploads import UploadForm

# So long what was read may be thought about. Nothing of it is kept meanwhile: the page itself carries it.
VALID_SECONDS = 60 * 60


class OfficerUploadForm(UploadForm):
    """A CSV file of the officers of one of the stations that the account heads."""

    station = forms.ModelChoiceField(Station.objects.none(), label=_("Station"), empty_label=None)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, of at most 500 kB."),
        error_messages={"empty": _("The file is empty.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stations = Station.objects.headed_by(user)
        field = self.fields["station"]
        field.queryset = stations  # type: ignore[attr-defined]  # a ModelChoiceField
        if stations.count() == 1:
            field.initial, field.widget = stations.get().pk, forms.HiddenInput()


def sealed(data: bytes, station: Station, user: User, planned: Sequence[PlannedLine]) -> str:
    """Return the file and what was shown of it, signed, for the page to carry to its confirmation."""
    packed = base64.b64encode(zlib.compress(data)).decode()
    return signing.dumps([packed, station.pk, _digest(planned)], salt=_salt(user))


def unsealed(token: str, user: User) -> tuple[bytes, int, str]:
    """Return file, station and digest of what was shown. Raises BadSignature, also when it is too old."""
    packed, station, digest = signing.loads(token, salt=_salt(user), max_age=VALID_SECONDS)
    try:
        return zlib.decompress(base64.b64decode(packed)), station, digest
    except (binascii.Error, zlib.error) as error:
        raise signing.BadSignature from error


def is_as_shown(planned: Sequence[PlannedLine], digest: str) -> bool:
    return _digest(planned) == digest


def _digest(planned: Sequence[PlannedLine]) -> str:
    """Return a digest of what would happen, line by line."""
    shown = [
        (line.number, line.kind, line.changes, line.problems, bool(line.appointment)) for line in planned
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _salt(user: User) -> str:
    return f"officers.officer_import:{user.pk}"
