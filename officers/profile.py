"""An officer's profile: drafted by the officer, published or declined by the station's head."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from notifications.sending import notify
from officers.models import DutyHours, Officer, Portrait, ProfileDraft
from officers.portraits import completed

FIELDS = ("title", "phone", "email", "patrol_form")


class DraftChanged(Exception):
    """The draft is not the one that was looked at: the officer changed it, or somebody decided on it already."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of the profile as it is published and as the draft has it, in words."""

    label: str
    published: str
    drafted: str

    @property
    def is_change(self) -> bool:
        return self.published != self.drafted


def differences(officer: Officer, draft: ProfileDraft) -> list[Difference]:
    return [Difference(_label(name), _in_words(officer, name), _in_words(draft, name)) for name in FIELDS]


def _label(name: str) -> str:
    field: Any = Officer._meta.get_field(name)
    return str(field.verbose_name)


def _in_words(one: Any, name: str) -> str:
    return str(one.get_patrol_form_display() if name == "patrol_form" else getattr(one, name))


def draft_of(officer: Officer) -> ProfileDraft:
    """Return the officer's draft, or a new one that says what is published."""
    found = ProfileDraft.objects.filter(officer=officer).first()
    return found or ProfileDraft(officer=officer, **{name: getattr(officer, name) for name in FIELDS})


@transaction.atomic
def submit(officer: Officer, values: dict[str, Any], *, picture: bytes | None = None) -> ProfileDraft | None:
    """Hand the draft in. `picture` None leaves its portrait as it was, empty takes it out.

    A draft that says what is published already is none: it is removed, and None returned.
    """
    Officer.objects.select_for_update().get(pk=officer.pk)
    draft = draft_of(officer)
    for name in FIELDS:
        setattr(draft, name, values[name])
    if picture is not None:
        draft.picture = picture
    if not draft.picture and not any(one.is_change for one in differences(officer, draft)):
        ProfileDraft.objects.filter(officer=officer).delete()
        return None
    draft.save()
    return draft


@transaction.atomic
def publish(draft: ProfileDraft, *, seen: datetime.datetime) -> Officer:
    """Make the draft what citizens see. Raises DraftChanged if it is not the one that was handed in at `seen`."""
    present = _as_seen(draft, seen)
    officer = present.officer
    for name in FIELDS:
        setattr(officer, name, getattr(present, name))
    officer.save(update_fields=FIELDS)
    if present.picture:
        set_portrait(officer, completed(bytes(present.picture)))
    present.delete()
    if officer.user is not None:
        notify("officers.profile_published", to_user=officer.user, context={"name": officer.name})
    return officer


@transaction.atomic
def decline(draft: ProfileDraft, *, seen: datetime.datetime) -> Officer:
    """Remove the draft; what is published stays. Raises DraftChanged as `publish` does."""
    present = _as_seen(draft, seen)
    officer = present.officer
    present.delete()
    if officer.user is not None:
        notify("officers.profile_declined", to_user=officer.user, context={"name": officer.name})
    return officer


def _as_seen(draft: ProfileDraft, seen: datetime.datetime) -> ProfileDraft:
    """Return the draft, locked with its officer."""
    officer = Officer.objects.select_for_update().get(pk=draft.officer_id)
    present = ProfileDraft.objects.select_for_update().filter(officer=officer, submitted_at=seen).first()
    if present is None:
        raise DraftChanged
    present.officer = officer
    return present


def set_portrait(officer: Officer, pictures: Any) -> None:
    Portrait.objects.update_or_create(officer=officer, defaults=asdict(pictures))


def picture_address(picture: bytes | memoryview) -> str:
    """Return an address that holds the picture itself: for pages of staff, where it is not public yet."""
    return "data:image/jpeg;base64," + base64.b64encode(bytes(picture)).decode() if picture else ""


@transaction.atomic
def set_duty_hours(officer: Officer, pattern: dict[int, tuple[datetime.time, datetime.time]]) -> None:
    """Replace the officer's hours; an empty pattern means 07:00 to 23:00 every day."""
    Officer.objects.select_for_update().get(pk=officer.pk)
    officer.duty_hours.all().delete()
    DutyHours.objects.bulk_create(
        DutyHours(officer=officer, weekday=weekday, begins=begins, ends=ends)
        for weekday, (begins, ends) in pattern.items()
    )


def duty_lines(officer: Officer) -> list[tuple[str, str]]:
    """Return the officer's hours in words, days of the same hours that follow each other in one line."""
    known = {hours.weekday: (hours.begins, hours.ends) for hours in officer.duty_hours.all()}
    if not known:
        return [(_("every day"), _clock_words(DutyHours.BEGINS, DutyHours.ENDS))]
    return list(_duty_lines(known))


def _duty_lines(known: dict[int, tuple[datetime.time, datetime.time]]) -> Iterator[tuple[str, str]]:
    for hours, grouped in groupby(DutyHours.Weekday, lambda weekday: known.get(weekday.value)):
        days = list(grouped)
        name = str(days[0].label) if len(days) == 1 else f"{days[0].label}–{days[-1].label}"
        yield name, _clock_words(*hours) if hours else _("off duty")


def _clock_words(begins: datetime.time, ends: datetime.time) -> str:
    return f"{begins:%H:%M}–{ends:%H:%M}"
