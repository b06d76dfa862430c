"""Two stations that are alike, and accounts whose rights in the first one hold, have ended or have not begun.

What belongs to the second station carries FOREIGN in its name, so that a page can be searched for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from notifications.models import Notification
from notifications.sending import notify
from officers.models import Assignment, Officer, Unit, User
from sectorlog.models import Attachment, LogEntry
from sectors.models import AnalysisDocument, District, ManningBasis, ManningNorm, Sector, Station
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    BoundaryReleaseFactory,
    BriefingFactory,
    ChallengeFactory,
    ChapterFactory,
    ContactHoursFactory,
    ContactPersonFactory,
    ContributionFactory,
    CoverFactory,
    DistrictFactory,
    EffortFactory,
    EventFactory,
    FormTemplateFactory,
    FormVersionFactory,
    GroupInSectorFactory,
    HandoverFactory,
    LeadershipFactory,
    LiaisonFactory,
    LogEntryFactory,
    MessageFactory,
    MonthCountFactory,
    NoticeFactory,
    OfficerFactory,
    PartnerContactFactory,
    PartyFactory,
    PatrolFactory,
    PrintRunFactory,
    PromiseFactory,
    ReadingRequestFactory,
    RevisionFactory,
    SectorFactory,
    SourceReferralFactory,
    StaffRoleFactory,
    StationFactory,
    SurveyRoundFactory,
    TargetGroupFactory,
    UserFactory,
    between,
    square,
)

FOREIGN = "Foreignland"
LETTERS = "ORCDSHPGXV"
# When the rights of an account hold, in days from now. They follow one another: nobody else has them meanwhile.
TIMES = {"ended": (-9.0, -2.0), "now": (-1.0, 1.0), "future": (2.0, 9.0)}
STAFF = {"H": "editor", "P": "analyst", "X": None, "V": "reviewer"}


@dataclass
class Side:
    """One station with an object of every kind."""

    station: Station
    district: District
    sector: Sector
    objects: dict[str, Model | SimpleNamespace] = field(default_factory=dict)


@dataclass
class World:
    own: Side
    foreign: Side
    # By letter and time: "R", "now".
    accounts: dict[tuple[str, str], User]

    def object(self, model: str, *, foreign: bool = False) -> Any:
        """Return an object of the model, written as "sectors.station", of one's own or of the other station."""
        return (self.foreign if foreign else self.own).objects[model]


def build() -> World:
    own, foreign = _side("Homeland", column=0), _side(FOREIGN, column=5)
    accounts = {(letter, when): _account(letter, when, own) for letter in LETTERS for when in TIMES}
    _fill(own)
    _fill(foreign)
    return World(own, foreign, accounts)


def _side(name: str, *, column: int) -> Side:
    station = StationFactory(name=f"{name} station", slug=f"{name.lower()}-station")
    district = DistrictFactory(station=station, name=f"{name} district", slug=f"{name.lower()}-district")
    sector = SectorFactory(district=district, name=f"{name} sector", slug=f"{name.lower()}-sector")
    release = BoundaryReleaseFactory(station=station, areas={sector: square(column)}, in_force=True)
    assert release.period
    return Side(station, district, sector)


def _fill(side: Side) -> None:
    """Give the side an object of every kind that an address may name."""
    name = side.station.name.removesuffix(" station")
    slug = name.lower()
    officer: Officer = OfficerFactory(
        station=side.station,
        name=f"{name} Officer",
        email=f"officer@{slug}.example",
        user=UserFactory(email=f"account@{slug}.example", name=f"{name} Account"),
    )
    absence = AbsenceFactory(officer=officer, period=between(days=(20, 30)))
    role = StaffRoleFactory(editor=True, user=officer.user, station=side.station)
    side.objects |= {
        "sectors.station": side.station,
        "sectors.district": side.district,
        "sectors.sector": side.sector,
        "sectors.boundaryrelease": BoundaryReleaseFactory(station=side.station, name=f"{name} draft"),
        "sectors.manningbasis": ManningBasis.objects.create(
            sector=side.sector,
            holds_from=timezone.localdate(),
            reported_crimes=1,
            exposed_residents=1,
            special_places=1,
            inhabitants=1,
            reason=f"{name} reason",
        ),
        "sectors.manningnorm": ManningNorm.objects.create(station=side.station),
        "sectors.analysisdocument": _document(side, name),
        "officers.officer": officer,
        "newcomer": OfficerFactory(station=side.station, name=f"{name} Newcomer"),
        "officers.user": officer.user,
        "officers.assignment": AssignmentFactory(attached=True, officer=officer, sector=side.sector),
        "officers.absence": absence,
        "officers.cover": CoverFactory(
            absence__officer__station=side.station,
            absence__officer__name=f"{name} Away",
            absence__period=absence.period,
            sector=side.sector,
        ),
        "officers.liaison": LiaisonFactory(
            sector=side.sector, user=UserFactory(email=f"liaison@{slug}.example", name=f"{name} Liaison")
        ),
        "officers.leadership": LeadershipFactory(
            user=officer.user, station=side.station, period=between(days=(50, 60))
        ),
        "officers.staffrole": role,
        "officers.unit": Unit.objects.get_or_create(name="Gang Division")[0],
        "notifications.notification": _notification(officer.user),
    }
    _fill_log(side, officer)
    _fill_public_side(side, officer)
    _fill_handbook(side, officer)
    MonthCountFactory(sector=side.sector, measure="visits", value=40)


def _fill_log(side: Side, officer: Officer) -> None:
    """Give the side's sector a log with something of every kind, written by the officer."""
    name, slug, user = side.station.name.removesuffix(" station"), side.station.slug, officer.user
    group = TargetGroupFactory(station=side.station, name=f"{name} group", slug=f"{slug}-group")
    template = FormTemplateFactory(station=side.station, slug=f"{slug}-form")
    version = FormVersionFactory(template=template, name={"en": f"{name} form"})
    party = PartyFactory(sector=side.sector, name=f"{name} party")
    challenge = ChallengeFactory(sector=side.sector, title=f"{name} challenge", opened_by=user)
    effort = EffortFactory(title=f"{name} effort", sectors=[side.sector], created_by=user)
    entry = LogEntryFactory(
        sector=side.sector,
        author=user,
        form_version=version,
        text=f"{name} text",
        groups=[group],
        parties=[party],
        challenges=[challenge],
    )
    side.objects |= {
        "sectorlog.targetgroup": group,
        # Named by its sector's short name and its own.
        "group of a sector": SimpleNamespace(slug=side.sector.slug, group=group.slug),
        "sectorlog.groupinsector": GroupInSectorFactory(
            sector=side.sector, group=group, description=f"{name} description"
        ),
        "sectorlog.formtemplate": template,
        "sectorlog.formversion": version,
        "sectorlog.party": party,
        "sectorlog.contactperson": ContactPersonFactory(party=party, name=f"{name} contact"),
        "sectorlog.challenge": challenge,
        "sectorlog.effort": effort,
        "sectorlog.efforttask": effort.tasks.create(what=f"{name} task"),
        "sectorlog.logentry": entry,
        "sectorlog.promise": PromiseFactory(entry=entry, what=f"{name} promise"),
        "sectorlog.attachment": _attachment(entry, name),
        "sectorlog.patrol": PatrolFactory(sector=side.sector, user=user),
        "sectorlog.handover": HandoverFactory(sector=side.sector, taker=officer, made_by=user),
        "sectorlog.briefing": BriefingFactory(district=side.district),
        "sectorlog.sourcereferral": SourceReferralFactory(district=side.district),
    }


def _fill_public_side(side: Side, officer: Officer) -> None:
    """Give the side's sector what officers and the public have between them."""
    name, user = side.station.name.removesuffix(" station"), officer.user
    both = {"title_en": f"{name} title", "title_da": f"{name} titel", "written_by": user}
    message = MessageFactory(sector=side.sector, text=f"{name} message", name=f"{name} Citizen", overdue=True)
    event = EventFactory(station=side.station, sectors=[side.sector], place=f"{name} square", **both)
    side.objects |= {
        "contacts.message": message,
        "contacts.contacthours": ContactHoursFactory(sector=side.sector, place=f"{name} library"),
        "contacts.notice": NoticeFactory(sector=side.sector, **both),
        "contacts.event": event,
        "contacts.eventpresence": event.presences.create(
            officer=officer, assigned_by=user, task=f"{name} task"
        ),
        "contacts.partnercontact": PartnerContactFactory(
            station=side.station, district=side.district, name=f"{name} Partner"
        ),
        "contacts.printrun": PrintRunFactory(sector=side.sector, officer=officer, made_by=user),
    }
    survey = SurveyRoundFactory(station=side.station, name=f"{name} round", created_by=user)
    side.objects |= {
        "contacts.surveyround": survey,
        "survey in a sector": SimpleNamespace(uuid=survey.uuid, slug=side.sector.slug),
    }


def _fill_handbook(side: Side, officer: Officer) -> None:
    """Give the station a handbook: a fixed chapter that is proposed, a dynamic one that grows."""
    name, user = side.station.name.removesuffix(" station"), officer.user
    chapter = ChapterFactory(station=side.station, slug=f"{name.lower()}-chapter", body=f"{name} ground.")
    draft = RevisionFactory(chapter=chapter, body_en=f"{name} draft.", written_by=user)
    fixed = ChapterFactory(station=side.station, slug=f"{name.lower()}-fixed", fixed=True)
    RevisionFactory(chapter=fixed, proposed=True, body_en=f"{name} proposal.", written_by=user)
    written = {"passage": chapter.passages.get(), "author": user, "author_name": f"{name} Author"}
    passage = written["passage"]
    # What the handbook's addresses name: the station and chapter by their slugs, the passage by its anchor.
    named = {"station": side.station.slug, "anchor": passage.anchor, "number": 1}
    side.objects |= {
        "chapter": SimpleNamespace(pk=chapter.pk, chapter=chapter.slug, **named),
        "chapter with draft": SimpleNamespace(pk=draft.pk, chapter=chapter.slug, **named),
        "chapter proposed": SimpleNamespace(pk=fixed.pk, chapter=fixed.slug, **named),
        "handbook.contribution": ContributionFactory(text=f"{name} contribution", **written),
        "contribution inserted": ContributionFactory(inserted=True, text=f"{name} practice", **written),
        "handbook.readingrequest": ReadingRequestFactory(passage=passage, asked_by=user),
    }


def _attachment(entry: LogEntry, name: str) -> Attachment:
    return Attachment.objects.create(
        entry=entry,
        file=ContentFile(b"%PDF-1.7 ...", name="file.pdf"),
        filename=f"{name}.pdf",
        content_type="application/pdf",
        size=12,
        uploaded_by=entry.author,
    )


def _notification(user: User) -> Notification:
    with transaction.atomic():
        return notify("officers.invitation", to_user=user, context={})


def _document(side: Side, name: str) -> AnalysisDocument:
    document: AnalysisDocument = AnalysisDocument.objects.create(
        station=side.station,
        title=f"{name} analysis",
        file=ContentFile(b"%PDF-1.7 ...", name="analysis.pdf"),
        filename="analysis.pdf",
        content_type="application/pdf",
        size=12,
        uploaded_by=UserFactory(email=f"analyst@{name.lower()}.example"),
    )
    document.sectors.add(side.sector)
    return document


def _account(letter: str, when: str, side: Side) -> User:
    """Return an account that has this one right in the station, at this time."""
    user: User = UserFactory(email=f"{letter.lower()}-{when}@home.example", name=f"{letter} {when}")
    period = between(days=TIMES[when])
    match letter:
        case "O" | "R":
            role = Assignment.Role.ATTACHED if letter == "O" else Assignment.Role.RESPONSIBLE
            officer = OfficerFactory(station=side.station, user=user)
            AssignmentFactory(officer=officer, sector=side.sector, role=role, period=period)
        case "C":
            # Who is responsible then, R, is the one who is away.
            posts = Assignment.objects.overlapping(period)
            post = posts.get(sector=side.sector, role=Assignment.Role.RESPONSIBLE)
            away = AbsenceFactory(period=period, officer=post.officer)
            officer = OfficerFactory(station=side.station, user=user)
            CoverFactory(absence=away, sector=side.sector, officer=officer)
        case "D":
            LeadershipFactory(user=user, station=side.station, district=side.district, period=period)
        case "S":
            LeadershipFactory(user=user, station=side.station, period=period)
        case "G":
            LiaisonFactory(user=user, sector=side.sector, period=period)
        case _:
            kind = STAFF[letter]
            place = {"station": side.station} if kind in ("editor", "analyst") else {}
            StaffRoleFactory(user=user, period=period, **({kind: True} if kind else {}), **place)
    return user
