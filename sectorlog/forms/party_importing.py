"""The forms of the import of parties: the file, and then the word that what was read is meant."""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Sequence

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officers.models import User
from sectorlog.parties.file import PartyFileError
from sectorlog.parties.file_import import PlannedLine
from sectors.models import Sector
from sectors.uploads import UploadForm

# So long what was read may be thought about. Nothing of it is kept meanwhile: the page itself carries it.
VALID_SECONDS = 60 * 60
# What a page can carry to its confirmation, in characters; text of 2 MB is a third of it.
LONGEST_TOKEN = 2_000_000


class PartyUploadForm(UploadForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, of at most 2 MB and 5,000 lines."),
        error_messages={"empty": gettext_lazy("The file is empty.")},
    )


def sealed(data: bytes, sector: Sector, user: User, planned: Sequence[PlannedLine]) -> str:
    """Return the file and what was shown of it, signed, for the page to carry to its confirmation.

    Raises PartyFileError for a file whose bytes are too much of a jumble to be carried.
    """
    packed = base64.b64encode(zlib.compress(data)).decode()
    if len(packed) > LONGEST_TOKEN:
        raise PartyFileError(
            _("This file is too large to be imported at once. Import the parties in two files.")
        )
    return signing.dumps([packed, sector.pk, _digest(planned)], salt=_salt(user))


def unsealed(token: str, sector: Sector, user: User) -> tuple[bytes, str]:
    """Return the file and the digest of what was shown. Raises BadSignature, also when it is too old."""
    packed, key, digest = signing.loads(token, salt=_salt(user), max_age=VALID_SECONDS)
    if key != sector.pk:
        raise signing.BadSignature
    try:
        return zlib.decompress(base64.b64decode(packed)), digest
    except (binascii.Error, zlib.error) as error:
        raise signing.BadSignature from error


def is_as_shown(planned: Sequence[PlannedLine], digest: str) -> bool:
    return _digest(planned) == digest


def _digest(planned: Sequence[PlannedLine]) -> str:
    """Return a digest of what would happen, line by line."""
    shown = [(line.number, line.kind, line.problems, line.notes, bool(line.contact)) for line in planned]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _salt(user: User) -> str:
    return f"sectorlog.party_import:{user.pk}"
