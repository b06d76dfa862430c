"""Loading the demonstration's handbook: half a year of it. What is there already stays: twice is the same as once."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from handbook.beginning import begin
from handbook.chapters.publishing import publish
from handbook.demo import stories
from handbook.demo.stories import Change, Contributed, Step
from handbook.models import (
    LANGUAGES,
    Agreement,
    Chapter,
    Confirmation,
    Contribution,
    ContributionStep,
    Passage,
    ReadingRequest,
    Revision,
    Wording,
)
from handbook.reading.news import mark_read
from officers.demo import organisation as plan
from officers.models import Officer, User
from sectors.models import Station

State, Kind = Contribution.State, ContributionStep.Kind
# What a contribution is after a step; the other steps leave it as it was.
AFTER = {
    Kind.TAKEN_UP: State.UNDER_REVIEW,
    Kind.INSERTED: State.INSERTED,
    Kind.DECLINED: State.DECLINED,
    Kind.WITHDRAWN: State.WITHDRAWN,
    Kind.TAKEN_OUT: State.TAKEN_OUT,
}
BY_AUTHOR = (Kind.SUBMITTED, Kind.ANSWERED, Kind.WITHDRAWN)


@transaction.atomic
def load_handbook(station: Station) -> None:
    """Begin the handbook and let half a year pass over it, unless the station has one. Takes a second."""
    editor = User.objects.get(email=plan.EDITOR.email)
    head = User.objects.get(email=plan.STATION_HEAD.email)
    chapters = {one.slug: one for one in begin(station, by=editor, now=_instant(stories.BEGUN, 9))}
    if not chapters:
        return
    for chapter in chapters.values():
        if chapter.is_fixed:
            publish(chapter.revisions.get(), agreed_by=head, now=_instant(stories.AGREED, 11))
    officers = _officers(station)
    for told in stories.CONTRIBUTIONS:
        if told.author in officers:  # else somebody has given them another name
            _contribute(station, told, officers, editor)
    _revise(chapters[stories.REVISION.chapter], editor)
    _propose(chapters[stories.PROPOSAL.chapter], editor)
    _ask_to_confirm(station, officers, editor)
    mark_read(User.objects.get(email=plan.OFFICER.email), chapters.values(), _instant(stories.READ, 19))
    mark_read(head, chapters.values(), _instant(stories.PROPOSED, 8))


def _instant(days: int, hour: int) -> datetime.datetime:
    """Return an hour of the day so many days ago."""
    day = timezone.localdate() - datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour), timezone.get_current_timezone())


def _officers(station: Station) -> dict[str, User]:
    """Return the accounts of the station's officers by name, in the order in which they were taken on."""
    taken_on = Officer.objects.filter(station=station, user__isnull=False).select_related("user")
    return {officer.name: officer.user for officer in taken_on.order_by("pk") if officer.user}


# --- Texts


def _revise(chapter: Chapter, editor: User) -> None:
    """Write the chapter's second text and bring it into force."""
    publish(
        _next(chapter, stories.REVISION, editor, _instant(stories.REVISED, 10)),
        now=_instant(stories.REVISED, 14),
    )


def _propose(chapter: Chapter, editor: User) -> None:
    """Write the fixed chapter's second text and leave it to the station head."""
    revision = _next(chapter, stories.PROPOSAL, editor, _instant(stories.PROPOSED, 13))
    revision.state = Revision.State.PROPOSED
    revision.save()


def _next(chapter: Chapter, change: Change, editor: User, at: datetime.datetime) -> Revision:
    """Return the chapter's next text, not saved. Raises ValueError where the text no longer has the changed words."""
    before = chapter.revisions.in_force().get()
    texts = {}
    for language in LANGUAGES:
        old, new = getattr(change, language)
        body = getattr(before, f"body_{language}")
        if old not in body:
            raise ValueError(f"{change.chapter} ({language}) has no words “{old}”.")
        texts[f"title_{language}"] = getattr(before, f"title_{language}")
        texts[f"body_{language}"] = body.replace(old, new)
    return Revision(
        chapter=chapter,
        number=before.number + 1,
        reason=change.reason,
        written_by=editor,
        written_at=at,
        **texts,
    )


# --- Contributions


def _contribute(station: Station, told: Contributed, officers: dict[str, User], editor: User) -> None:
    """Write the contribution as it is after all that happened to it, and each step."""
    author = officers[told.author]
    contribution = Contribution.objects.create(
        passage=Passage.objects.get(station=station, anchor=told.anchor),
        author=author,
        author_name=told.author,
        sector=station.sectors.get(number=told.sector) if told.sector else None,
        language=told.language,
        text="" if _state(told) == State.WITHDRAWN else told.text,
        state=_state(told),
        is_asked=bool(told.steps) and told.steps[-1].kind == Kind.ASKED,
        submitted_at=_instant(told.days, 8),
        decided_at=_decided(told),
    )
    for hour, step in enumerate((Step(Kind.SUBMITTED, told.days), *told.steps), start=8):
        by = author if step.kind in BY_AUTHOR else editor
        _step(contribution, step, by, _instant(step.days, hour))
    if contribution.state == State.INSERTED:
        _agree(contribution, told, officers)


def _state(told: Contributed) -> str:
    states = [AFTER[step.kind] for step in told.steps if step.kind in AFTER]
    return states[-1] if states else State.SUBMITTED


def _decided(told: Contributed) -> datetime.datetime | None:
    """Return when the last decision fell."""
    decided = [
        _instant(step.days, hour)
        for hour, step in enumerate(told.steps, start=9)
        if step.kind in AFTER and step.kind != Kind.TAKEN_UP
    ]
    return decided[-1] if decided else None


def _step(contribution: Contribution, step: Step, by: User, at: datetime.datetime) -> None:
    ContributionStep.objects.create(contribution=contribution, kind=step.kind, by=by, at=at, text=step.text)
    if any(step.wording):
        Wording.objects.create(
            contribution=contribution,
            number=contribution.wordings.count() + 1,
            text_en=step.wording[0],
            text_da=step.wording[1],
            written_by=by,
            written_at=at,
        )


def _agree(contribution: Contribution, told: Contributed, officers: dict[str, User]) -> None:
    """Let as many colleagues say that they do the same, each some hours after the other; not who logs in."""
    others = [name for name in officers if name not in (told.author, plan.OFFICER.name)]
    first = told.days % max(len(others), 1)  # not always the same ones
    since = contribution.decided_at or contribution.submitted_at
    for hours, name in enumerate((others[first:] + others[:first])[: told.agreed], start=1):
        at = since + datetime.timedelta(hours=7 * hours)
        Agreement.objects.create(contribution=contribution, user=officers[name], at=min(at, timezone.now()))


# --- What is to be confirmed


def _ask_to_confirm(station: Station, officers: dict[str, User], editor: User) -> None:
    """Ask all to confirm one point; some have, who logs in has not."""
    passage = Passage.objects.select_related("chapter").get(station=station, anchor=stories.CONFIRMED)
    asked = ReadingRequest.objects.create(
        passage=passage,
        revision=passage.chapter.revisions.in_force().get(),
        asked_by=editor,
        asked_at=_instant(stories.ASKED, 9),
    )
    logging_in = (plan.OFFICER.name, plan.SUCCESSOR)
    readers = [user for name, user in officers.items() if name not in logging_in]
    for count, user in enumerate(readers[: stories.CONFIRMED_BY]):
        at = asked.asked_at + datetime.timedelta(hours=5 + 11 * count)
        Confirmation.objects.create(request=asked, user=user, at=at)
