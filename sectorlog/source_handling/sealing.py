"""From the officer to the district head: sealed at once, read in the head's browser, handed over, erased.

Rule: handbook, How to perform the task, 15.
"""

from __future__ import annotations

import datetime
import json

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from notifications.sending import notify
from officers.models import Leadership, User
from sectorlog.models import SourceKey, SourceReferral
from sectorlog.source_handling.keys import thumbprint
from sectors.models import District, Sector


class KeyChanged(Exception):
    """The key is not the one that the district's head made: nothing is sealed for it."""


@sensitive_variables()
def seal(text: str, *, by: User, sector: Sector, at: datetime.datetime, key: SourceKey) -> str:
    """Return text, writer, time and sector as compact JWE (RFC 7516) that only the key's other half opens.

    Raises KeyChanged for a key that is not the one of its fingerprint (RFC 7638): somebody else may have its other
    half.
    """
    if thumbprint(key.public_key) != key.thumbprint:
        raise KeyChanged(key.thumbprint)
    content = {"text": text, "who": f"{by} <{by.email}>", "when": at.isoformat(), "sector": str(sector)}
    header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": key.thumbprint, "cty": "json"}
    envelope = JWE(json.dumps(content).encode(), json.dumps(header))
    envelope.add_recipient(JWK(**key.public_key))
    return str(envelope.serialize(compact=True))


@sensitive_variables()
@transaction.atomic
def refer(text: str, *, by: User, sector: Sector, key: SourceKey) -> SourceReferral:
    """Seal the text for the head of the sector's district and tell the head that something came, not what."""
    sealed = seal(text, by=by, sector=sector, at=timezone.now(), key=key)
    referral = SourceReferral.objects.create(district=sector.district, key=key, sealed=sealed)
    if head := head_of(sector.district):
        path = reverse("sectorlog:source_referral_list")
        notify("sectorlog.source_referral", to_user=head.user, context={"path": path})
    return referral


def head_of(district: District) -> Leadership | None:
    """Return who heads the district now, or where nobody does, its station."""
    heads = Leadership.objects.active_at(timezone.now()).filter(station=district.station_id)
    of_district = heads.filter(district=district) | heads.filter(district=None)
    return of_district.select_related("user", "district").order_by("district_id").first()


def hand_over(referral: SourceReferral, to: str, *, by: User) -> bool:
    """Erase the text, once, as what it says is with `to` now; what stays is the receipt.

    Returns False where that was done before. Runs in a transaction.
    """
    waiting = SourceReferral.objects.select_for_update().waiting().filter(pk=referral.pk)
    return bool(waiting.update(sealed="", handed_over_to=to, erased_at=timezone.now(), erased_by=by))
