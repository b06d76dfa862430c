"""Feeds (Atom, RFC 4287): the notices of a sector or a station, the newest first."""

from __future__ import annotations

import datetime
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.publishing.told import PublicNotice, Told
from contacts.take_along.addresses import one_line, plain


class _Feed(Atom1Feed):
    """A feed that says of itself, while it is empty, that it is of today: not of the second it was asked."""

    def latest_post_date(self) -> datetime.datetime:
        if not self.items:
            today = timezone.localdate()
            return datetime.datetime.combine(today, datetime.time(), timezone.get_default_timezone())
        latest: datetime.datetime = super().latest_post_date()
        return latest


def feed(title: str, told: Told, *, page: str, address: str, author: str) -> bytes:
    """Return the feed of the notices; `page` and `address` are the full addresses of the page and of the feed."""
    written = _Feed(
        title=one_line(title),
        link=page,
        description=None,
        language=get_language(),
        author_name=one_line(author),
        feed_url=address,
        feed_guid=f"urn:uuid:{uuid5(NAMESPACE_URL, address)}",
    )
    for notice in told.notices:
        written.add_item(
            title=one_line(notice.title),
            link=f"{page}#notice-{notice.uuid}",
            description=_words(notice),
            pubdate=timezone.localtime(notice.shown_from),
            updateddate=timezone.localtime(notice.shown_from),
            unique_id=f"urn:uuid:{notice.uuid}",
        )
    return written.writeString("utf-8").encode()


def _words(notice: PublicNotice) -> SafeString:
    """Return the notice as HTML. Whatever officers typed is words, never marks."""
    text = SafeString(linebreaks(plain(notice.text), autoescape=True))
    if not notice.said:
        return text
    said = SafeString(linebreaks(plain(notice.said), autoescape=True))
    return format_html(
        "<p><strong>{}</strong></p>{}<p><strong>{}</strong></p>{}", _("You said"), said, _("We did"), text
    )
