"""A station with an editor and a head: what tests of chapters and their texts begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import translation

from handbook.models import Chapter, Revision
from notifications.models import Notification
from officers.models import User
from sectors.models import Station
from tests.factories import LeadershipFactory, StaffRoleFactory, StationFactory, UserFactory


@dataclass
class Desk:
    """`client` is the editor's browser, `head_client` the station head's."""

    station: Station
    editor: User
    head: User
    client: Client
    head_client: Client

    def address(self, page: str, chapter: Chapter | None = None, *more: Any) -> str:
        slugs = [self.station.slug, *([chapter.slug] if chapter else []), *more]
        with translation.override("en"):  # a Danish page asked for before leaves its language behind
            return reverse(f"handbook:{page}", args=slugs)

    def page(self, name: str, chapter: Chapter | None = None) -> Any:
        return self.client.get(self.address(name, chapter))

    def typed(self, chapter: Chapter, **texts: str) -> dict[str, str]:
        """Return what the draft's form sends: what its page shows, with the texts that are typed."""
        form = self.page("revision_update", chapter).context["form"]
        shown = {
            name: form[name].value() or ""
            for name in ("title_en", "title_da", "body_en", "body_da", "reason")
        }
        return {**shown, "seen": form["seen"].value(), **texts}

    def save(self, chapter: Chapter, **texts: str) -> Any:
        return self.client.post(self.address("revision_update", chapter), self.typed(chapter, **texts))

    def act(
        self, page: str, chapter: Chapter, *, by: Client | None = None, seen: str = "", **data: str
    ) -> Any:
        """Press a button of the draft's page, as it shows the draft now, or showed it when it was `seen`."""
        shown = seen or self.seen(chapter)
        return (by or self.client).post(self.address(page, chapter), {"seen": shown, **data})

    def seen(self, chapter: Chapter) -> str:
        return str(self.page("revision_preview", chapter).context["seen"])


def desk() -> Desk:
    station = StationFactory()
    editor, head = UserFactory(name="Edith Editor"), UserFactory(name="Hanna Head")
    StaffRoleFactory(user=editor, station=station, role="editor")
    LeadershipFactory(user=head, station=station)
    return Desk(station, editor, head, logged_in(editor), logged_in(head))


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def state_of(chapter: Chapter) -> list[tuple[int, str]]:
    return list(Revision.objects.filter(chapter=chapter).order_by("number").values_list("number", "state"))


def mails() -> list[tuple[str, User | None]]:
    """Return what has been written to be sent, by event and account."""
    return [(row.event, row.recipient) for row in Notification.objects.filter(event__startswith="handbook.")]
