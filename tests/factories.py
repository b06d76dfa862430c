"""Objects for the tests. Times are instants in UTC; areas are squares of degrees around Bellahøj."""

import datetime
from itertools import pairwise
from typing import Any
from uuid import uuid4

import factory
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from factory.django import DjangoModelFactory

from contacts.messages.clock import DUE_AFTER, WARN_AFTER, instant_after
from contacts.models import (
    ContactHours,
    Evaluation,
    Event,
    Exchange,
    Message,
    Notice,
    PartnerContact,
    PrintRun,
    SheetCount,
    SurveyAnswer,
    SurveyRound,
)
from handbook.chapters.publishing import publish
from handbook.models import Chapter, Contribution, ReadingRequest, Revision, Wording
from officers.models import (
    Absence,
    Assignment,
    Cover,
    Leadership,
    Liaison,
    Officer,
    PatrolForm,
    StaffRole,
    Unit,
    User,
)
from overview.models import MonthCount
from sectorlog.entries.importing import importing
from sectorlog.models import (
    Briefing,
    Challenge,
    ContactPerson,
    Effort,
    EntryChallenge,
    EntryGroup,
    EntryParty,
    FormTemplate,
    FormVersion,
    GroupInSector,
    Handover,
    LogEntry,
    Party,
    Patrol,
    Promise,
    SourceKey,
    SourceReferral,
    TargetGroup,
)
from sectors.models import (
    Address,
    Boundary,
    BoundaryRelease,
    District,
    ManningBasis,
    Sector,
    Station,
    Street,
)
from sectors.spelling import search_key

WEST, SOUTH = 12.48, 55.69
SIDE = 0.01


def square(column: int = 0, row: int = 0, *, side: float = SIDE) -> MultiPolygon:
    """Return a square of `side` degrees in a grid whose corner (0, 0) lies at WEST, SOUTH."""
    west, south = WEST + column * side, SOUTH + row * side
    return MultiPolygon(Polygon.from_bbox((west, south, west + side, south + side)), srid=4326)


def middle(column: int = 0, row: int = 0, *, side: float = SIDE) -> tuple[float, float]:
    """Return longitude and latitude of the middle of a square."""
    return WEST + (column + 0.5) * side, SOUTH + (row + 0.5) * side


def since(**ago: float) -> DateTimeTZRange:
    """Return an open period that began so long ago: since(days=3)."""
    return DateTimeTZRange(timezone.now() - datetime.timedelta(**ago), None)


def between(**bounds: tuple[float, float]) -> DateTimeTZRange:
    """Return the period between two distances from now: between(days=(-1, 9))."""
    (unit, (begins, ends)), *_ = bounds.items()
    now = timezone.now()
    return DateTimeTZRange(
        now + datetime.timedelta(**{unit: begins}), now + datetime.timedelta(**{unit: ends})
    )


def days_ago(days: float) -> datetime.datetime:
    """Return this time of day so many days ago by the calendar: one on which the clocks change has no 24 hours."""
    here = timezone.get_current_timezone()
    return (timezone.localtime().replace(tzinfo=None) - datetime.timedelta(days=days)).replace(tzinfo=here)


class StationFactory(DjangoModelFactory[Station]):
    class Meta:
        model = Station

    name = factory.Sequence(lambda n: f"Station {n}")
    slug = factory.Sequence(lambda n: f"station-{n}")
    phone = "+45 00 00 10 00"
    email = factory.LazyAttribute(lambda station: f"{station.slug}@police.example")


class DistrictFactory(DjangoModelFactory[District]):
    class Meta:
        model = District

    station = factory.SubFactory(StationFactory)
    name = factory.Sequence(lambda n: f"District {n}")
    slug = factory.Sequence(lambda n: f"district-{n}")
    phone = "+45 00 00 20 00"
    email = factory.LazyAttribute(lambda district: f"{district.slug}@police.example")


class SectorFactory(DjangoModelFactory[Sector]):
    class Meta:
        model = Sector

    district = factory.SubFactory(DistrictFactory)
    station = factory.SelfAttribute("district.station")
    number = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Quarter {n}")
    slug = factory.Sequence(lambda n: f"quarter-{n}")


class BoundaryReleaseFactory(DjangoModelFactory[BoundaryRelease]):
    """A draft; with `areas` given as {sector: area} its boundaries, with `in_force=True` in force since yesterday."""

    class Meta:
        model = BoundaryRelease
        skip_postgeneration_save = True

    station = factory.SubFactory(StationFactory)
    name = factory.Sequence(lambda n: f"Release {n}")

    @factory.post_generation
    def areas(self, create, extracted, **kwargs):
        for sector, area in (extracted or {}).items():
            Boundary.objects.create(release=self, sector=sector, area=area)

    @factory.post_generation
    def in_force(self, create, extracted, **kwargs):
        if extracted:
            self.period = since(days=1)
            self.published_at = self.period.lower
            self.save()


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@police.example")
    password = factory.django.Password("correct horse battery")


class LeadershipFactory(DjangoModelFactory[Leadership]):
    class Meta:
        model = Leadership

    user = factory.SubFactory(UserFactory)
    station = factory.SubFactory(StationFactory)
    period = factory.LazyFunction(lambda: since(days=30))


class OfficerFactory(DjangoModelFactory[Officer]):
    class Meta:
        model = Officer

    station = factory.SubFactory(StationFactory)
    name = factory.Sequence(lambda n: f"Officer Number{n}")
    title = "Police constable"
    phone = factory.Sequence(lambda n: f"+45 00 00 {n // 100 % 100:02} {n % 100:02}")
    email = factory.Sequence(lambda n: f"officer{n}@police.example")


class AssignmentFactory(DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment

    sector = factory.SubFactory(SectorFactory)
    officer = factory.SubFactory(OfficerFactory, station=factory.SelfAttribute("..sector.station"))
    role = Assignment.Role.RESPONSIBLE
    period = factory.LazyFunction(lambda: since(days=100))

    class Params:
        attached = factory.Trait(role=Assignment.Role.ATTACHED)


class AbsenceFactory(DjangoModelFactory[Absence]):
    """An absence that began a day ago and lasts for nine days more, unless `period` says otherwise."""

    class Meta:
        model = Absence

    officer = factory.SubFactory(OfficerFactory)
    period = factory.LazyFunction(lambda: between(days=(-1, 9)))


class CoverFactory(DjangoModelFactory[Cover]):
    """A cover for all of the absence, by another officer of the sector's station.

    The absent officer becomes responsible for the sector, if they are not.
    """

    class Meta:
        model = Cover

    absence = factory.SubFactory(AbsenceFactory)
    sector = factory.SubFactory(SectorFactory)
    officer = factory.SubFactory(OfficerFactory, station=factory.SelfAttribute("..sector.station"))
    period = factory.SelfAttribute("absence.period")

    @classmethod
    def _create(cls, model_class: type[Cover], *args: Any, **values: Any) -> Cover:
        post = {"sector": values["sector"], "officer": values["absence"].officer}
        own = Assignment.objects.overlapping(values["period"]).filter(
            **post, role=Assignment.Role.RESPONSIBLE
        )
        if not own.exists():
            AssignmentFactory(**post, period=values["period"])
        cover: Cover = super()._create(model_class, *args, **values)
        return cover


class StaffRoleFactory(DjangoModelFactory[StaffRole]):
    class Meta:
        model = StaffRole

    user = factory.SubFactory(UserFactory)
    role = StaffRole.Role.ADMINISTRATOR
    period = factory.LazyFunction(lambda: since(days=30))

    class Params:
        editor = factory.Trait(role=StaffRole.Role.EDITOR, station=factory.SubFactory(StationFactory))
        analyst = factory.Trait(role=StaffRole.Role.ANALYST, station=factory.SubFactory(StationFactory))
        reviewer = factory.Trait(role=StaffRole.Role.REVIEWER)


class LiaisonFactory(DjangoModelFactory[Liaison]):
    class Meta:
        model = Liaison

    user = factory.SubFactory(UserFactory)
    unit = factory.LazyFunction(lambda: Unit.objects.get_or_create(name="Gang Division")[0])
    sector = factory.SubFactory(SectorFactory)
    period = factory.LazyFunction(lambda: since(days=30))


def administrator() -> User:
    """Return the account of a system administrator."""
    return StaffRoleFactory().user


def head_of(station: Station) -> User:
    """Return the account of the station's head."""
    return LeadershipFactory(station=station).user


def head_of_district(district: District) -> User:
    return LeadershipFactory(station=district.station, district=district).user


class StreetFactory(DjangoModelFactory[Street]):
    class Meta:
        model = Street
        django_get_or_create = ("name", "postcode", "city")

    name = "Frederikssundsvej"
    postcode = "2700"
    city = "Brønshøj"
    key = factory.LazyAttribute(lambda street: search_key(street.name))
    address_count = 1


class AddressFactory(DjangoModelFactory[Address]):
    """A door in the middle of the square `column`, unless `location` says otherwise."""

    class Meta:
        model = Address

    class Params:
        column = 0

    street = factory.SubFactory(StreetFactory)
    number = factory.Sequence(lambda n: n + 1)
    letter = ""
    location = factory.LazyAttribute(lambda address: Point(*middle(address.column), srid=4326))


def division_of(*columns: Sector) -> BoundaryRelease:
    """Put the sectors side by side, from west to east, into a release in force; each touches the next."""
    release = BoundaryReleaseFactory(
        station=columns[0].station,
        areas={sector: square(column) for column, sector in enumerate(columns)},
    )
    for one, other in pairwise(columns):
        release.neighbours.create(sector=one, other=other)
        release.neighbours.create(sector=other, other=one)
    release.period = since(days=1)
    release.published_at = release.period.lower
    release.save()
    return release


class ManningBasisFactory(DjangoModelFactory[ManningBasis]):
    """Figures from a month ago on, not decided; with `required` decided."""

    class Meta:
        model = ManningBasis

    sector = factory.SubFactory(SectorFactory)
    holds_from = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=30))
    reported_crimes = 800
    exposed_residents = 1000
    special_places = 8
    inhabitants = 9000
    reason = "Counted anew."


class TargetGroupFactory(DjangoModelFactory[TargetGroup]):
    class Meta:
        model = TargetGroup

    station = factory.SubFactory(StationFactory)
    name = factory.Sequence(lambda n: f"Group {n}")
    slug = factory.Sequence(lambda n: f"group-{n}")


class GroupInSectorFactory(DjangoModelFactory[GroupInSector]):
    class Meta:
        model = GroupInSector

    sector = factory.SubFactory(SectorFactory)
    group = factory.SubFactory(TargetGroupFactory, station=factory.SelfAttribute("..sector.station"))


class FormTemplateFactory(DjangoModelFactory[FormTemplate]):
    class Meta:
        model = FormTemplate

    station = factory.SubFactory(StationFactory)
    slug = factory.Sequence(lambda n: f"form-{n}")


class FormVersionFactory(DjangoModelFactory[FormVersion]):
    """A published form without fields of its own; with `draft=True` not published."""

    class Meta:
        model = FormVersion

    template = factory.SubFactory(FormTemplateFactory)
    number = 1
    name = factory.LazyAttribute(lambda version: {"en": f"Form {version.template.slug}"})
    published_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=60))

    class Params:
        draft = factory.Trait(published_at=None)


def first_form(slug: str = "visit") -> FormVersion:
    """Return a form of the first set."""
    return FormVersion.objects.get(template__station=None, template__slug=slug, number=1)


class PartyFactory(DjangoModelFactory[Party]):
    class Meta:
        model = Party

    sector = factory.SubFactory(SectorFactory)
    name = factory.Sequence(lambda n: f"Party {n}")


class ContactPersonFactory(DjangoModelFactory[ContactPerson]):
    class Meta:
        model = ContactPerson

    party = factory.SubFactory(PartyFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")


class ChallengeFactory(DjangoModelFactory[Challenge]):
    class Meta:
        model = Challenge

    sector = factory.SubFactory(SectorFactory)
    title = factory.Sequence(lambda n: f"Challenge {n}")
    opened_by = factory.SubFactory(UserFactory)


class EffortFactory(DjangoModelFactory[Effort]):
    """An effort since a week ago; in the sectors of `sectors`."""

    class Meta:
        model = Effort
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Effort {n}")
    goal = "Fewer burglaries."
    begins_on = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=7))
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def sectors(self, create, extracted, **kwargs):
        self.sectors.set(extracted or [])


class LogEntryFactory(DjangoModelFactory[LogEntry]):
    """An entry of this moment, written with the first set's visit; about `groups`, `parties`, `challenges`."""

    class Meta:
        model = LogEntry
        skip_postgeneration_save = True

    sector = factory.SubFactory(SectorFactory)
    author = factory.SubFactory(UserFactory)
    form_version = factory.LazyFunction(first_form)
    happened_at = factory.LazyFunction(timezone.now)
    written_at = factory.SelfAttribute("happened_at")
    text = factory.Sequence(lambda n: f"Talked with somebody, {n}.")

    @factory.post_generation
    def groups(self, create, extracted, **kwargs):
        for group in extracted or ():
            link_to_past_entry(self, group=group)

    @factory.post_generation
    def parties(self, create, extracted, **kwargs):
        for party in extracted or ():
            link_to_past_entry(self, party=party)

    @factory.post_generation
    def challenges(self, create, extracted, **kwargs):
        for challenge in extracted or ():
            link_to_past_entry(self, challenge=challenge)


def link_to_past_entry(entry: LogEntry, **about: Any) -> None:
    """Link an entry with a group, a party or a challenge, though it may be settled: as if it had been at its time."""
    (field,) = about
    model = {"group": EntryGroup, "party": EntryParty, "challenge": EntryChallenge}[field]
    with importing():
        model.objects.create(entry=entry, **about)


class PromiseFactory(DjangoModelFactory[Promise]):
    class Meta:
        model = Promise

    entry = factory.SubFactory(LogEntryFactory)
    sector = factory.SelfAttribute("entry.sector")
    what = "To call back."
    due_on = factory.LazyFunction(timezone.localdate)


class PatrolFactory(DjangoModelFactory[Patrol]):
    class Meta:
        model = Patrol

    user = factory.SubFactory(UserFactory)
    sector = factory.SubFactory(SectorFactory)
    form = PatrolForm.FOOT
    period = factory.LazyFunction(lambda: between(hours=(-3, -1)))


class HandoverFactory(DjangoModelFactory[Handover]):
    class Meta:
        model = Handover

    sector = factory.SubFactory(SectorFactory)
    taker = factory.SubFactory(OfficerFactory, station=factory.SelfAttribute("..sector.station"))
    on = factory.LazyFunction(timezone.localdate)
    made_by = factory.SubFactory(UserFactory)


class BriefingFactory(DjangoModelFactory[Briefing]):
    class Meta:
        model = Briefing

    district = factory.SubFactory(DistrictFactory)
    begins_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=1))
    ends_at = factory.LazyFunction(timezone.now)


class SourceKeyFactory(DjangoModelFactory[SourceKey]):
    """A key that nobody has the other half of."""

    class Meta:
        model = SourceKey

    district = factory.SubFactory(DistrictFactory)
    public_key = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
    thumbprint = factory.Sequence(lambda n: f"thumbprint-{n}")
    made_by = factory.SubFactory(UserFactory)


class SourceReferralFactory(DjangoModelFactory[SourceReferral]):
    class Meta:
        model = SourceReferral

    district = factory.SubFactory(DistrictFactory)
    key = factory.SubFactory(SourceKeyFactory, district=factory.SelfAttribute("..district"))
    sealed = "sealed"


class ContactHoursFactory(DjangoModelFactory[ContactHours]):
    """Every Tuesday from 16 to 18."""

    class Meta:
        model = ContactHours

    sector = factory.SubFactory(SectorFactory)
    weekday = 2
    begins = datetime.time(16)
    ends = datetime.time(18)
    place = "The library"

    class Params:
        once = factory.Trait(
            weekday=None,
            on_date=factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=3)),
        )


class PublishedFactory(DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    station = factory.SubFactory(StationFactory)
    title_en, title_da = "An English title", "En dansk overskrift"
    text_en, text_da = "An English text.", "En dansk tekst."
    written_by = factory.SubFactory(UserFactory)

    class Params:
        published = factory.Trait(
            state="published",
            published_at=factory.LazyFunction(timezone.now),
            approved_by=factory.SelfAttribute("written_by"),
        )


class NoticeFactory(PublishedFactory):
    class Meta:
        model = Notice

    sector = factory.SubFactory(SectorFactory)
    station = factory.LazyAttribute(lambda notice: notice.sector.station)
    shown_from = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=1))


class EventFactory(PublishedFactory):
    """An event from 10 to 12 hours from now; without `sectors`, all of the station's."""

    class Meta:
        model = Event
        skip_postgeneration_save = True

    place = "The square"
    begins_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(hours=10))
    ends_at = factory.LazyAttribute(lambda event: event.begins_at + datetime.timedelta(hours=2))

    @factory.post_generation
    def sectors(self, create, extracted, **kwargs):
        self.sectors.set(extracted or [])


class PartnerContactFactory(DjangoModelFactory[PartnerContact]):
    class Meta:
        model = PartnerContact

    station = factory.SubFactory(StationFactory)
    kind = PartnerContact.Kind.SSP
    organisation = "The municipality"
    name = factory.Sequence(lambda n: f"Partner {n}")
    phone = "+45 00 00 40 00"


class PrintRunFactory(DjangoModelFactory[PrintRun]):
    class Meta:
        model = PrintRun

    sector = factory.SubFactory(SectorFactory)
    kind = PrintRun.Kind.CARDS
    made_by = factory.SubFactory(UserFactory)


class MessageFactory(DjangoModelFactory[Message]):
    """A message that came in just now; `received_at` moves the clock with it."""

    class Meta:
        model = Message

    form_token = factory.LazyFunction(uuid4)
    sector = factory.SubFactory(SectorFactory)
    text = "There is rubbish in the passage."
    name = "Cirkeline Citat"
    email = "citizen@example.org"
    language = "en"
    received_at = factory.LazyFunction(timezone.now)
    warn_at = factory.LazyAttribute(lambda message: instant_after(message.received_at, WARN_AFTER))
    due_at = factory.LazyAttribute(lambda message: instant_after(message.received_at, DUE_AFTER))

    class Params:
        overdue = factory.Trait(received_at=factory.LazyFunction(lambda: days_ago(9)))


class ExchangeFactory(DjangoModelFactory[Exchange]):
    """A word that the citizen added; with `by`, an officer's answer by e-mail."""

    class Meta:
        model = Exchange

    message = factory.SubFactory(MessageFactory)
    kind = factory.LazyAttribute(lambda exchange: Exchange.Kind.REPLY if exchange.by else Exchange.Kind.ADDED)
    text = "It is there again."
    by = None


# --- The handbook -------------------------------------------------------------------------------


class ChapterFactory(DjangoModelFactory[Chapter]):
    """A dynamic chapter with a text in force: a heading, and two numbered points below it."""

    class Meta:
        model = Chapter
        skip_postgeneration_save = True

    class Params:
        fixed = factory.Trait(kind=Chapter.Kind.FIXED)

    station = factory.SubFactory(StationFactory)
    slug = factory.Sequence(lambda count: f"chapter-{count}")
    position = factory.Sequence(lambda count: count + 1)

    @factory.post_generation
    def body(self, create, extracted, **kwargs):
        """Publish `body`, in English; "" for a chapter without a text."""
        if extracted == "":
            return
        points = f"1. First. {{#{self.slug}-first}}\n2. Second. {{#{self.slug}-second}}"
        text = extracted or f"Ground.\n\n## Practice {{#{self.slug}-practice}}\n\n{points}"
        revision = RevisionFactory.build(chapter=self, number=1, written_by=UserFactory(), body_en=text)
        publish(revision, agreed_by=UserFactory() if self.is_fixed else None)


class RevisionFactory(DjangoModelFactory[Revision]):
    """The next text of a chapter, as a draft."""

    class Meta:
        model = Revision

    class Params:
        proposed = factory.Trait(state=Revision.State.PROPOSED)

    chapter = factory.SubFactory(ChapterFactory)
    number = factory.LazyAttribute(lambda made: made.chapter.revisions.count() + 1)
    title_en = factory.LazyAttribute(lambda made: f"Title of {made.chapter.slug}")
    body_en = "Another text."
    reason = "Practice has changed."
    written_by = factory.SubFactory(UserFactory)


class ContributionFactory(DjangoModelFactory[Contribution]):
    """A contribution to a chapter, handed in. `inserted`: in the handbook, with the wording `wording`."""

    class Meta:
        model = Contribution
        skip_postgeneration_save = True

    class Params:
        chapter = factory.SubFactory(ChapterFactory)
        under_review = factory.Trait(state=Contribution.State.UNDER_REVIEW)
        inserted = factory.Trait(
            state=Contribution.State.INSERTED, decided_at=factory.LazyFunction(timezone.now)
        )

    passage = factory.LazyAttribute(lambda made: made.chapter.passages.get(position=0))
    author = factory.SubFactory(UserFactory)
    author_name = factory.LazyAttribute(lambda made: made.author.name or "Officer")
    language = "en"
    # The words of what is withdrawn are erased.
    text = factory.LazyAttribute(
        lambda made: "" if made.state == "withdrawn" else "We meet the tradespeople on the first Monday."
    )

    @factory.post_generation
    def wording(self, create, extracted, **kwargs):
        if self.state == Contribution.State.INSERTED:
            words = extracted or self.text
            Wording.objects.create(contribution=self, number=1, text_en=words, written_by=UserFactory())


class ReadingRequestFactory(DjangoModelFactory[ReadingRequest]):
    """Officers are asked to confirm that they have read a chapter's beginning."""

    class Meta:
        model = ReadingRequest

    class Params:
        chapter = factory.SubFactory(ChapterFactory)

    passage = factory.LazyAttribute(lambda made: made.chapter.passages.get(position=0))
    revision = factory.LazyAttribute(lambda made: made.passage.chapter.text)
    asked_by = factory.SubFactory(UserFactory)


class SurveyRoundFactory(DjangoModelFactory[SurveyRound]):
    """A round that is open today; `past` is over."""

    class Meta:
        model = SurveyRound

    station = factory.SubFactory(StationFactory)
    name = factory.Sequence(lambda number: f"Round {number}")
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=7))
    closes_on = factory.LazyAttribute(lambda made: made.opens_on + datetime.timedelta(days=21))
    created_by = factory.SubFactory(UserFactory)

    class Params:
        past = factory.Trait(
            opens_on=factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=190))
        )


class SurveyAnswerFactory(DjangoModelFactory[SurveyAnswer]):
    class Meta:
        model = SurveyAnswer

    round = factory.SubFactory(SurveyRoundFactory)
    sector = factory.LazyAttribute(
        lambda made: SectorFactory(district=DistrictFactory(station=made.round.station))
    )
    knows_officer = True
    has_met = True
    feels_safe = "rather"


class SheetCountFactory(DjangoModelFactory[SheetCount]):
    class Meta:
        model = SheetCount

    round = factory.SubFactory(SurveyRoundFactory)
    sector = factory.LazyAttribute(
        lambda made: SectorFactory(district=DistrictFactory(station=made.round.station))
    )
    user = factory.SubFactory(UserFactory)
    sheets = 1


class EvaluationFactory(DjangoModelFactory[Evaluation]):
    class Meta:
        model = Evaluation

    sector = factory.SubFactory(SectorFactory)
    month = factory.LazyFunction(lambda: timezone.localdate().replace(day=1))
    got_help = "yes"
    easy_to_reach = "yes"


class MonthCountFactory(DjangoModelFactory[MonthCount]):
    class Meta:
        model = MonthCount

    sector = factory.SubFactory(SectorFactory)
    month = factory.LazyFunction(lambda: timezone.localdate().replace(day=1))
    measure = "entries"
    value = 10
