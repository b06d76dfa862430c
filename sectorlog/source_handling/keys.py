"""The district head's keys: what is accepted as a public half, and the change from one key to the next."""

from __future__ import annotations

import base64
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from jwcrypto.jwk import JWK

from officers.models import User
from sectorlog.models import SourceKey
from sectors.models import District

SMALLEST_BITS = 3072
# A larger one only makes work for whoever writes with it.
LARGEST_BITS = 8192
EXPONENT = "AQAB"
# What only the private half of an RSA key, or a secret key, has (RFC 7518, 6.3.2 and 6.4).
PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class UnfitKey(ValueError):
    """This is no public key for source handling; says why, in words for whoever sent it."""


def public_key(text: str) -> dict[str, str]:
    """Return the public RSA key that the JWK (RFC 7517) in `text` describes, and nothing else that it says.

    Raises UnfitKey for any other kind, fewer than 3072 bits, another exponent than 65537, a private part.
    """
    jwk = _object(text)
    if PRIVATE_PARTS & jwk.keys():
        raise UnfitKey(
            _("This holds the private half of a key, which nobody else may see. Make another pair of keys.")
        )
    if jwk.get("kty") != "RSA" or jwk.get("e") != EXPONENT:
        raise UnfitKey(_("Only an RSA key with the exponent 65537 is accepted."))
    modulus = _number(jwk.get("n"))
    if not SMALLEST_BITS <= modulus.bit_length() <= LARGEST_BITS or modulus % 2 == 0:
        raise UnfitKey(
            _("The key must have between %(least)d and %(most)d bits.")
            % {"least": SMALLEST_BITS, "most": LARGEST_BITS}
        )
    return {"kty": "RSA", "n": _written(modulus), "e": EXPONENT}


def thumbprint(key: dict[str, str]) -> str:
    """Return the key's fingerprint (RFC 7638, SHA-256)."""
    return str(JWK(**key).thumbprint())


@transaction.atomic
def change_key(district: District, key: dict[str, str], *, by: User) -> SourceKey:
    """Let the district's referrals be sealed for this key from now on; the one before stays for reading.

    Raises UnfitKey for a key that has been in use before, here or in another district.
    """
    District.objects.select_for_update().get(pk=district.pk)
    fingerprint = thumbprint(key)
    if SourceKey.objects.filter(thumbprint=fingerprint).exists():
        raise UnfitKey(_("This key was registered before. Make another pair of keys."))
    SourceKey.objects.filter(district=district, retired_at=None).update(retired_at=timezone.now())
    return SourceKey.objects.create(district=district, public_key=key, thumbprint=fingerprint, made_by=by)


def key_of(district: District) -> SourceKey | None:
    """Return the key that the district's referrals are sealed for now, None where its head has made none."""
    return SourceKey.objects.filter(district=district, retired_at=None).first()


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnfitKey(_("This is no key. Make the pair of keys on this page.")) from error
    if not isinstance(found, dict):
        raise UnfitKey(_("This is no key. Make the pair of keys on this page."))
    return found


def _number(text: object) -> int:
    """Return the number written as base64url (RFC 7518, 2)."""
    digits = str(text).rstrip("=")
    try:
        raw = base64.b64decode(digits + "=" * (-len(digits) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise UnfitKey(_("This is no key. Make the pair of keys on this page.")) from error
    return int.from_bytes(raw)


def _written(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
