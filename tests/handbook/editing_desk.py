"""A handbook with an editor and an officer who contributes to it: what tests of the editors' pages begin with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from handbook.chapters.publishing import publish
from handbook.models import Chapter, Contribution, Passage
from notifications.models import Notification
from officers.models import User
from sectors.models import Sector, Station
from tests.factories import (
    AssignmentFactory,
    ChapterFactory,
    ContributionFactory,
    OfficerFactory,
    RevisionFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
)

OWN_WORDS = "We meet the tradespeople on the first Monday."


@dataclass
class Desk:
    """`client` is the editor's browser."""

    station: Station
    sector: Sector
    chapter: Chapter
    editor: User
    officer: User
    client: Client

    def contribution(self, anchor: str = "task-first", **values: Any) -> Contribution:
        """Return what the officer contributed to the passage."""
        given = {
            "passage": Passage.objects.get(station=self.station, anchor=anchor),
            "author": self.officer,
            "author_name": "Mette Holm",
            "sector": self.sector,
            "text": "" if values.get("state") == "withdrawn" else OWN_WORDS,
        }
        made: Contribution = ContributionFactory(**{**given, **values})
        return made

    def second_editor(self, name: str = "Ida Lund") -> tuple[User, Client]:
        user = StaffRoleFactory(editor=True, station=self.station, user__name=name).user
        return user, logged_in(user)

    def at(self, contribution: Contribution, act: str) -> str:
        return reverse(f"handbook:contribution_{act}", args=[contribution.uuid])

    def seen(self, contribution: Contribution) -> str:
        """Return what the editor's page says it has seen."""
        from handbook.contributions.holding import seen

        contribution.refresh_from_db()
        return seen(contribution)

    def wording(self, contribution: Contribution, **changes: Any) -> dict[str, Any]:
        """Return the insert page's form as it is sent: English words below the contribution's own passage."""
        given = {
            "place": contribution.passage.anchor,
            "text_en": "Tradespeople are met monthly.",
            "text_da": "",
            "seen": self.seen(contribution),
        }
        return {**given, **changes}

    def publish(self, body: str) -> None:
        """Let the chapter say something else."""
        publish(RevisionFactory(chapter=self.chapter, body_en=body, written_by=self.editor))


def desk() -> Desk:
    sector = SectorFactory(name="Brønshøj", number=4)
    station = sector.station
    officer = OfficerFactory(station=station, user=UserFactory(name="Mette Holm"))
    AssignmentFactory(sector=sector, officer=officer)
    editor = StaffRoleFactory(editor=True, station=station, user__name="Editor Berg").user
    return Desk(
        station=station,
        sector=sector,
        chapter=ChapterFactory(station=station, slug="task", position=1),
        editor=editor,
        officer=officer.user,
        client=logged_in(editor),
    )


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def mails() -> list[tuple[str, str]]:
    """Return what waits to be sent: to whom, about what."""
    rows = Notification.objects.filter(event__startswith="handbook.contribution_")
    return sorted((row.recipient.email, row.event.removeprefix("handbook.contribution_")) for row in rows)


def kinds(contribution: Contribution) -> list[str]:
    return list(contribution.steps.order_by("pk").values_list("kind", flat=True))


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same time, each on a connection of its own; return what each gave or raised."""
    found: list[Any] = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        ready.wait(10)
        try:
            found[place] = act()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    _run(threads)
    return found


def _run(threads: Iterable[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
