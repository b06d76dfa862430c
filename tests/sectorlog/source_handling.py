"""What the tests of source handling have in common: a key pair, officers, and opening what was sealed."""

from __future__ import annotations

import functools
import json
from typing import Any

from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from officers.models import User
from sectorlog.models import SourceKey, SourceReferral
from sectorlog.source_handling.keys import change_key, public_key
from sectors.models import Sector
from tests.factories import AssignmentFactory, OfficerFactory, UserFactory, head_of_district


@functools.cache
def key_pair(number: int = 0) -> JWK:
    """Return a pair of keys; another one for another number."""
    return JWK.generate(kty="RSA", size=3072)


def key_for(sector: Sector, pair: JWK) -> SourceKey:
    """Let the head of the sector's district have made this pair; the district gets a head."""
    head = head_of_district(sector.district)
    return change_key(sector.district, public_key(pair.export_public()), by=head)


def officer_in(sector: Sector, **names: Any) -> User:
    officer = OfficerFactory(station=sector.station, user=UserFactory(**names))
    AssignmentFactory(officer=officer, sector=sector, attached=True)
    return officer.user


def opened(referral: SourceReferral, pair: JWK) -> dict[str, str]:
    envelope = JWE()
    envelope.deserialize(referral.sealed, pair)
    found: dict[str, str] = json.loads(envelope.payload)
    return found
