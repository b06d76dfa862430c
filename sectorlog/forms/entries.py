"""The form of a new entry: quick to fill in, and it takes what was written without a network days ago."""

from __future__ import annotations

import datetime
import uuid as uuids
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officers.responsibility import answerable
from sectorlog.entries.attachments import Prepared
from sectorlog.entries.writing import LONGEST_QUEUE
from sectorlog.forms.entry_fields import DayField, EntryFields, to_come
from sectorlog.forms.files import TakesFiles
from sectorlog.forms.known_choices import known_in
from sectorlog.forms.source_question import SourceQuestionMixin
from sectorlog.models import FormVersion, LogEntry, Patrol, Promise, TargetGroup
from sectorlog.uniform_forms import fields as form_fields
from sectors.models import Sector

if TYPE_CHECKING:
    from officers.models import User


# Who wrote about a sector so lately is there still.
SAME_DAY = datetime.timedelta(hours=10)
# What the address names one of, and the field that takes several.
SEVERAL = {"party": "parties", "challenge": "challenges"}


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A form to write with, as the page shows it: a chip, and the fields of its own."""

    version: FormVersion
    is_chosen: bool
    fields: list[forms.BoundField]


class EntryForm(SourceQuestionMixin, TakesFiles, EntryFields):
    """A new entry of one of the account's present sectors."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    # The message of a citizen that it is made from.
    message = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seconds_ago = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    promise_what = forms.CharField(label=gettext_lazy("What you promised"), max_length=300, required=False)
    promise_to_whom = forms.CharField(label=gettext_lazy("To whom"), max_length=150, required=False)
    promise_due_on = DayField(label=gettext_lazy("By"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, user: User, given: Mapping[str, str]) -> None:
        """`given`: what to begin with: sector, form, party, group, challenge, effort, message, text, place_text."""
        self.sectors = list(
            Sector.objects.filter(pk__in=user.standing.sectors)
            .select_related("district", "station")
            .order_by("number")
        )
        asked = (given if data is None else data).get("sector")
        sector = self._own(asked)
        if sector is None and data is None:
            sector = usual_sector(user, self.sectors)
        super().__init__(data, files, sector=sector, initial=_initial(given))
        if group := given.get("group"):
            self.initial["groups"] = self._group(group)
        self.kept_files: list[Prepared] = []
        self.station = sector.station if sector else None
        self.offered = list(FormVersion.objects.for_sector(sector)) if sector else []
        self.version = self._version(data, given)
        self.fields |= {"sector": self._sector_field(asked), "form": _form_field()}
        if self.version and sector:
            questions = form_fields.fields_of(self.version, sector)
            self.narrow_parties(questions)
            self.fields |= questions
        self.source_texts = self.text_fields()

    def _own(self, slug: str | None) -> Sector | None:
        return next((one for one in self.sectors if one.slug == slug), None)

    def _group(self, slug: str) -> list[TargetGroup]:
        """Return the offered target groups of this name: one, or none."""
        groups: Any = self.fields["groups"]
        return [one for one in groups.queryset if one.slug == slug]

    def _sector_field(self, asked: str | None) -> forms.Field:
        field = forms.ChoiceField(
            label=_("Sector"),
            choices=[(one.slug, str(one)) for one in self.sectors],
            widget=forms.RadioSelect,
            initial=self.in_sector.slug if self.in_sector else None,
            error_messages={"required": _("Choose the sector.")},
        )
        if self.is_bound and asked and self.in_sector is None:
            field.error_messages["invalid_choice"] = _not_yours(asked).replace("%", "%%")
        return field

    def _version(self, data: Any, given: Mapping[str, str]) -> FormVersion | None:
        """Return the version that was chosen: one that is offered, or one that was when the page was opened."""
        if self.in_sector is None:
            return None
        if data is None:
            return next((one for one in self.offered if one.template.slug == given.get("form")), None)
        chosen = str(data.get("form") or "")
        places = Q(template__station=None) | Q(template__station=self.in_sector.station_id)
        known = FormVersion.objects.filter(places, published_at__isnull=False).select_related("template")
        of_district = Q(template__district=None) | Q(template__district=self.in_sector.district_id)
        return next(iter(known_in(known.filter(of_district), {chosen} if chosen else set(), None)), None)

    @property
    def form_choices(self) -> Iterator[FormChoice]:
        """Yield the forms with their fields; those of the chosen one are this form's own."""
        versions = self.offered
        if self.version and self.version not in versions:
            versions = [*versions, self.version]
        for version in versions:
            is_chosen = version == self.version
            yield FormChoice(
                version, is_chosen, self._own_fields() if is_chosen else self._fields_of(version)
            )

    def _own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(form_fields.PREFIX)]

    def _fields_of(self, version: FormVersion) -> list[forms.BoundField]:
        if self.in_sector is None:
            return []
        blank = forms.Form(auto_id=f"id_{version.pk}_%s")
        questions = form_fields.fields_of(version, self.in_sector)
        self.party_choice.narrow(questions, {})
        blank.fields |= questions
        return list(blank)

    @property
    def is_replaced(self) -> bool:
        """Tell whether the chosen form was withdrawn or got a newer version since the page was opened."""
        return self.version is not None and self.version not in self.offered

    @property
    def left_answers(self) -> str:
        """Return what was answered to questions that cannot be asked again here: nothing typed is lost."""
        if not self.is_bound or self.version is not None:
            return ""
        names = [name for name in self.data if name.startswith(form_fields.PREFIX)]
        return "\n".join(str(one) for name in names for one in _values(self.data, name) if one)

    def as_typed(self) -> EntryForm:
        """Return the form with what was typed, not judged yet: another sector or form was chosen."""
        self._errors = ErrorDict()
        return self

    def clean_seconds_ago(self) -> int:
        ago: int = self.cleaned_data["seconds_ago"] or 0
        if ago > LONGEST_QUEUE.total_seconds():
            raise ValidationError(
                _(
                    "This was written more than 30 days ago by the clock of this phone. Set the day it happened."
                )
            )
        return ago

    def clean_form(self) -> FormVersion:
        if self.version is None:
            raise ValidationError(_("Choose a form."))
        return self.version

    def clean_follow_up_on(self) -> datetime.date | None:
        return to_come(self.cleaned_data["follow_up_on"], since=timezone.localdate() - LONGEST_QUEUE)

    def clean_promise_due_on(self) -> datetime.date | None:
        return to_come(self.cleaned_data["promise_due_on"], since=timezone.localdate() - LONGEST_QUEUE)

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if "sector" in self.errors:
            # Without a sector there is nothing to choose from: that is no fault of the officer's.
            for name in [name for name in self.errors if name not in ("sector", "uuid", NON_FIELD_ERRORS)]:
                del self.errors[name]
            return found
        self.happened_at = self.instant(self._written())
        self._check_promise(found)
        if not self.errors and self._says_nothing(found):
            self.add_error("text", _("Write a sentence, or say whom or what it was about."))
        if not self.errors:
            self.kept_files = self.prepared_files()
        return found

    def _written(self) -> datetime.datetime:
        """Return when it was written by the site's clock: the telephone says how long ago that was, not when."""
        return timezone.now() - datetime.timedelta(seconds=self.cleaned_data.get("seconds_ago") or 0)

    def _check_promise(self, found: Mapping[str, Any]) -> None:
        what, due = found.get("promise_what"), found.get("promise_due_on")
        if what and not due and "promise_due_on" not in self.errors:
            self.add_error("promise_due_on", _("By when did you promise it?"))
        if not what and "promise_what" not in self.errors and (due or found.get("promise_to_whom")):
            self.add_error("promise_what", _("What did you promise?"))

    def _says_nothing(self, found: Mapping[str, Any]) -> bool:
        said = ("text", "groups", "parties", "another_party", "challenges", "outcome", "promise_what")
        answered = any(found.get(name) for name in self.fields if name.startswith(form_fields.PREFIX))
        return not (answered or any(found.get(name) for name in said) or self.files)

    def entry(self, author: User) -> LogEntry:
        """Return the entry, not saved yet."""
        found, place = self.cleaned_data, self.place()
        return LogEntry(
            uuid=found["uuid"],
            sector=self.in_sector,
            author=author,
            form_version=self.version,
            happened_at=self.happened_at,
            text=found["text"],
            values=form_fields.stored(found["form"], found),
            outcome=found["outcome"],
            place=place.point if place else None,
            place_precision=place.precision if place else None,
            place_text=found["place_text"],
            effort=found["effort"],
            flagged_for=found["flagged_for"],
            follow_up_on=found["follow_up_on"],
        )

    def promise(self) -> Promise | None:
        found = self.cleaned_data
        if not found["promise_what"]:
            return None
        return Promise(
            what=found["promise_what"], to_whom=found["promise_to_whom"], due_on=found["promise_due_on"]
        )


def _form_field() -> forms.Field:
    """Return the field that takes the version's primary key; the page draws it as chips."""
    return forms.CharField(required=False, widget=forms.HiddenInput)


def _values(data: Any, name: str) -> Sequence[Any]:
    return data.getlist(name) if hasattr(data, "getlist") else [data[name]]


def usual_sector(user: User, sectors: Sequence[Sector]) -> Sector | None:
    """Return the sector to begin with: where the officer is on patrol, else that of what they wrote last today.

    Else the only one that they work in or are responsible for. An entry keeps its sector: None rather than a guess.
    """
    if len(sectors) < 2:
        return next(iter(sectors), None)
    patrol = Patrol.objects.running().filter(user=user).values_list("sector", flat=True)
    since = timezone.now() - SAME_DAY
    entries = LogEntry.objects.filter(author=user, written_at__gte=since).order_by("-written_at")
    here = patrol.first() or entries.values_list("sector", flat=True).first()
    if here is None and len(responsible := user.standing.responsible) == 1:
        (here,) = responsible
    return next((one for one in sectors if one.pk == here), None)


def _initial(given: Mapping[str, str]) -> dict[str, Any]:
    several = {name: [given[one]] for one, name in SEVERAL.items() if one in given}
    return {
        "uuid": uuids.uuid4(),
        **{name: given.get(name) for name in ("effort", "message", "text", "place_text")},
        "place_precision": EntryFields.base_fields["place_precision"].initial,
        "outcome": "",
        **several,
    }


def _not_yours(slug: str) -> str:
    """Say that the account does not work in the sector, or not any more, and who takes what was written."""
    sector = Sector.objects.select_related("district").filter(slug=slug[:200].replace("\0", "")).first()
    if sector is None:
        return _("There is no such sector. Choose one of yours.")
    officer = answerable(sector.pk).officer
    return _(
        "You do not work in %(sector)s any more, so this was not taken into its log. "
        "It stays on this phone: copy it and give it to %(who)s."
    ) % {"sector": sector.name, "who": officer.name if officer else sector.district.name}
