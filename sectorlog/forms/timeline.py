"""The one form of the time line: what entries are narrowed to. All of it is optional, all of it together works."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.forms import DayField
from officers.models import Assignment, Cover, User
from sectorlog.entries import places
from sectorlog.entries.filters import Around, Filters
from sectorlog.entries.search import LONGEST_SEARCH, Search, understood
from sectorlog.models import Challenge, FormVersion, Outcome, Party, TargetGroup
from sectors import address_search
from sectors.lookup import InvalidAddress, InvalidPosition, clean_address, parse_position
from sectors.models import Sector

# So many parties, challenges or authors of a name are taken together; more are too many to mean anything.
MOST_OF_A_NAME = 20
DISTANCES = {
    "100": gettext_lazy("100 m"),
    "250": gettext_lazy("250 m"),
    "500": gettext_lazy("500 m"),
    "1000": gettext_lazy("1 km"),
    "2000": gettext_lazy("2 km"),
}
MEANT_AT_FIRST = "250"
ALL = ("", gettext_lazy("All"))


class TimelineForm(forms.Form):
    """What the entries of `sectors` are narrowed to. `filters()` once it is valid."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        max_length=LONGEST_SEARCH,
        required=False,
        help_text=gettext_lazy('Words, "words in this order", -not this, one or other'),
        widget=forms.TextInput({"type": "search", "enterkeyhint": "search", "autocomplete": "off"}),
    )
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Up to and including"), required=False)
    form = forms.ChoiceField(label=gettext_lazy("Form"), required=False)
    group = forms.ChoiceField(label=gettext_lazy("Target group"), required=False)
    party = forms.CharField(
        label=gettext_lazy("Party of interest"),
        help_text=gettext_lazy("A part of the name"),
        max_length=150,
        required=False,
    )
    challenge = forms.CharField(
        label=gettext_lazy("Challenge"),
        help_text=gettext_lazy("A part of the title"),
        max_length=150,
        required=False,
    )
    author = forms.CharField(
        label=gettext_lazy("Written by"),
        help_text=gettext_lazy("A part of the name"),
        max_length=100,
        required=False,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=[ALL, *Outcome.choices], required=False
    )
    near = forms.CharField(
        label=gettext_lazy("Near"),
        help_text=gettext_lazy("An address, a party's name, or degrees: 55.7090, 12.5130"),
        max_length=200,
        required=False,
    )
    within = forms.ChoiceField(label=gettext_lazy("Within"), choices=list(DISTANCES.items()), required=False)
    flagged = forms.BooleanField(label=gettext_lazy("Shared with a unit"), required=False)
    follow_up = forms.BooleanField(label=gettext_lazy("Still to come back to"), required=False)

    def __init__(self, data: Mapping[str, Any], *, sectors: Sequence[Sector], user: User) -> None:
        super().__init__(data)
        self.sectors, self.user = sectors, user
        self.around: Around | None = None
        self.marks: dict[str, tuple[str, ...]] = {}
        self.search = Search()
        self.versions = _latest_versions(sectors)
        self.groups = _groups(sectors)
        forms_offered = {str(version.template.uuid): str(version) for version in self.versions}
        self._offer("form", forms_offered)
        self._offer("group", {group.slug: str(group) for group in self.groups})
        self.fields["within"].initial = MEANT_AT_FIRST

    def _offer(self, field: str, choices: Mapping[str, str]) -> None:
        self.fields[field].choices = [ALL, *choices.items()]  # type: ignore[attr-defined]  # a choice

    @property
    def used(self) -> list[str]:
        """The names of the fields that are filled in; a distance alone says nothing."""
        named = [name for name in self.fields if self.data.get(name)]
        return [name for name in named if name != "within" or "near" in named]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the search field is filled in: the page then shows the other fields."""
        return any(name != "q" for name in self.used)

    def in_words(self) -> list[tuple[str, str]]:
        """Return what was asked for, label and answer, as the form shows it."""
        return [(str(self.fields[name].label), self._answer(name)) for name in self.used]

    def _answer(self, name: str) -> str:
        field, answer = self.fields[name], self.cleaned_data.get(name)
        if isinstance(field, forms.ChoiceField):
            return str(dict(field.choices).get(answer, ""))  # type: ignore[arg-type]  # pairs, without groups
        if isinstance(field, forms.BooleanField):
            return _("yes")
        return formats.date_format(answer) if isinstance(answer, datetime.date) else str(answer)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        self.search = understood(answers.get("q") or "")
        if answers.get("q") and not self.search:
            self.add_error(
                "q", _("There is no word in this to search for. Write one, or leave the field empty.")
            )
        since, until = answers.get("since"), answers.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first one."))
        for name, find in self._by_name().items():
            if typed := (answers.get(name) or "").strip():
                self._take(name, find(typed))
        if near := (answers.get("near") or "").strip():
            self._locate(near, int(answers.get("within") or MEANT_AT_FIRST))
        return answers

    def _by_name(self) -> dict[str, Callable[[str], QuerySet[Any]]]:
        """Return for each field that takes a name how its objects are found: within the sectors alone."""
        return {"party": self._parties, "challenge": self._challenges, "author": self._authors}

    def _parties(self, name: str) -> QuerySet[Party]:
        wanted = _uuid_or("name", name)
        return Party.objects.visible_to(self.user).filter(wanted, sector__in=self.sectors)

    def _challenges(self, title: str) -> QuerySet[Challenge]:
        wanted = _uuid_or("title", title)
        return Challenge.objects.visible_to(self.user).filter(wanted, sector__in=self.sectors)

    def _authors(self, name: str) -> QuerySet[User]:
        """Whoever is or was appointed to one of the sectors, or covered there."""
        appointed = Assignment.objects.filter(sector__in=self.sectors).values("officer")
        covered = Cover.objects.filter(sector__in=self.sectors).values("officer")
        known = Q(officer__in=appointed) | Q(officer__in=covered)
        named = Q(name__icontains=name) | Q(officer__name__icontains=name)
        return User.objects.filter(known | Q(pk=self.user.pk), named)

    def _take(self, field: str, found: QuerySet[Model]) -> None:
        keys = list(found.order_by().values_list("pk", flat=True)[: MOST_OF_A_NAME + 1])
        if not keys:
            self.add_error(field, str(NOBODY[field]))
        elif len(keys) > MOST_OF_A_NAME:
            self.add_error(field, _("Many have this in their name. Write more of it."))
        else:
            self.marks[field] = tuple(f"{field} {key}" for key in keys)

    def _locate(self, near: str, metres: int) -> None:
        try:
            point = _point(near) or self._point_of_party(near) or _door(near)
        except ValidationError as error:
            self.add_error("near", error)
            return
        self.around = Around(point.x, point.y, metres)

    def _point_of_party(self, name: str) -> Point | None:
        found = list(self._parties(name).exclude(place=None)[:2])
        return found[0].place if len(found) == 1 else None

    def filters(self) -> Filters:
        """Return what was asked for."""
        answers, marks = self.cleaned_data, list(self.marks.values())
        if uuid := answers["form"]:
            marks.append(
                tuple(f"form {one.template_id}" for one in self.versions if str(one.template.uuid) == uuid)
            )
        if slug := answers["group"]:
            marks.append(tuple(f"group {group.pk}" for group in self.groups if group.slug == slug))
        marks += [
            (mark,)
            for wanted, mark in (
                (answers["outcome"], f"outcome {answers['outcome']}"),
                (answers["flagged"], "flagged true"),
                (answers["follow_up"], "follow-up true"),
            )
            if wanted
        ]
        until = answers["until"] and answers["until"] + datetime.timedelta(days=1)
        return Filters(_midnight(answers["since"]), _midnight(until), tuple(marks), self.around, self.search)

    def summary(self) -> str:
        """Say what was asked for, as it is logged: "q outcome=fine"; of what was typed, only that it was."""
        typed = {"q", "party", "challenge", "author", "near"}
        asked = ((name, answer) for name, answer in self.cleaned_data.items() if answer and name != "within")
        return " ".join(name if name in typed else f"{name}={answer}" for name, answer in asked)


NOBODY: dict[str, str | Promise] = {
    "party": gettext_lazy("No party of this name is known here."),
    "challenge": gettext_lazy("There is no challenge of this title here."),
    "author": gettext_lazy("Nobody of this name has worked here."),
}


def _uuid_or(field: str, text: str) -> Q:
    """Return the condition for a part of a name, or for the UUID that a link from elsewhere names."""
    try:
        return Q(uuid=forms.UUIDField().clean(text))
    except ValidationError:
        return Q(**{f"{field}__icontains": text})


def _point(text: str) -> Point | None:
    """Return the point of typed degrees, north before east; None for anything else."""
    lat, comma, lon = text.partition(",")
    if not comma:
        return None
    try:
        east, north = parse_position(lat.strip(), lon.strip())
    except InvalidPosition:
        return None
    if not places.is_served(north, east):
        raise ValidationError(
            _("This place lies outside the area of this site. Degrees are written north, east.")
        )
    return Point(east, north, srid=4326)


def _door(text: str) -> Point:
    """Return where an address is. Raises ValidationError."""
    unknown = ValidationError(
        _("This address is not known. Write street and number, a party's name, or degrees: 55.7090, 12.5130.")
    )
    try:
        found = address_search.resolve(clean_address(text))
    except InvalidAddress:
        raise unknown from None
    if not found.matches:
        raise unknown
    if found.street_only:
        raise ValidationError(_("Write the house number as well."))
    first, *others = found.matches
    if any((one.lat, one.lon) != (first.lat, first.lon) for one in others):
        raise ValidationError(
            _("There is more than one such address: %(addresses)s. Add the postcode.")
            % {"addresses": "; ".join(dict.fromkeys(one.text for one in found.matches[:3]))}
        )
    return Point(first.lon, first.lat, srid=4326)


def _latest_versions(sectors: Sequence[Sector]) -> list[FormVersion]:
    """Return the newest published version of each form that is or was written with in the sectors."""
    stations = {sector.station_id for sector in sectors}
    versions = (
        FormVersion.objects.filter(Q(template__station=None) | Q(template__station__in=stations))
        .filter(published_at__isnull=False)
        .select_related("template")
        .order_by("template__position", "template__slug", "template_id", "-number")
        .distinct("template__position", "template__slug", "template_id")
    )
    return list(versions)


def _groups(sectors: Sequence[Sector]) -> list[TargetGroup]:
    stations = {sector.station_id for sector in sectors}
    return list(TargetGroup.objects.filter(Q(station=None) | Q(station__in=stations)))


def _midnight(day: datetime.date | None) -> datetime.datetime | None:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min)) if day else None
