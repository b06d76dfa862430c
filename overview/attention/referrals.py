"""Source referrals that wait: each one for the head of its district, how many and since when for the station's.

Nobody else is told of any, and of what they say nothing is fetched (handbook, How to perform the task, 15).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from overview.attention import ItemKind
from overview.attention.asking import Asked
from overview.attention.statement import Part, Row, part
from overview.attention.urgency import REFERRAL_WITHIN
from overview.attention.wording import Words, day_text
from sectorlog.models import SourceReferral
from sectorlog.source_handling.waiting import waiting_by_district
from sectors.instants import instant_text

KIND = ItemKind.REFERRAL
SUBJECT = "sectorlog.sourcereferral"
WAITING = "SELECT pk, NULL::bigint, received, received + %s FROM ({rows}) AS one (pk, received)"


def own(asked: Asked) -> Part | None:
    """Return those of the districts that the account heads."""
    waiting = SourceReferral.objects.readable_by(asked.user).waiting()
    rows = waiting.filter(asked.districts).values_list("pk", "received_at")
    return part(rows, WAITING, REFERRAL_WITHIN)


def counted(asked: Asked) -> Part | None:
    """Return the other districts of the stations that the account heads, where any waits, by the oldest of them."""
    standing = asked.user.standing
    if asked.is_mine or not standing.stations:
        return None
    elsewhere = SourceReferral.objects.waiting().filter(district__station__in=standing.stations)
    elsewhere = elsewhere.filter(asked.districts).exclude(district__in=standing.districts).order_by()
    oldest = elsewhere.values("district").annotate(oldest=Min("received_at"))
    return part(oldest.values_list("district", "oldest"), WAITING, REFERRAL_WITHIN)


def own_words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    found = SourceReferral.objects.filter(pk__in=[row.pk for row in rows]).order_by()
    return {
        key: Words(
            _("Referral to the head of %(district)s") % {"district": district},
            _("Received on %(instant)s, and not handed over yet.") % {"instant": instant_text(received)},
            reverse("sectorlog:source_referral_read", args=[uuid]),
        )
        for key, uuid, district, received in found.values_list("pk", "uuid", "district__name", "received_at")
    }


def counted_words(asked: Asked, rows: Sequence[Row]) -> dict[int, Words]:
    url = reverse("sectorlog:source_referral_list")
    return {
        district.pk: Words(
            _("Referrals to the head of %(district)s") % {"district": district.name},
            ngettext(
                "%(number)d waits, since %(day)s.",
                "%(number)d wait, the oldest since %(day)s.",
                district.waiting,
            )
            % {"number": district.waiting, "day": day_text(district.oldest)},
            url,
        )
        for district in waiting_by_district([row.pk for row in rows], ())
        if district.waiting
    }
