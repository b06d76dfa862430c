import datetime
import io
import itertools

import pytest
from django.contrib.gis.db.models import Union
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count
from django.utils import timezone

from handbook.beginning import DYNAMIC, FIXED
from handbook.models import Chapter, Contribution
from officers.demo.boundaries import RINGS, area_of
from officers.demo.manning import GROWN, UNDECIDED
from officers.demo.organisation import (
    ADMINISTRATOR,
    GANG_SECTORS,
    HOLIDAYS,
    LIAISON,
    LOGINS,
    OFFICER,
    SUCCESSION_SECTOR,
    SUCCESSOR_LOGIN,
    VACANT_SECTOR,
)
from officers.demo.streets import doors
from officers.models import (
    Absence,
    Assignment,
    Cover,
    Leadership,
    Liaison,
    Officer,
    StaffRole,
    Unit,
    User,
)
from officers.responsibility import Basis, answerable
from sectorlog.models import (
    Challenge,
    ContactPerson,
    Effort,
    EntryGroup,
    EntryParty,
    GroupInSector,
    GroupStatus,
    LogEntry,
    Party,
    Patrol,
    ProgressNote,
    Promise,
)
from sectors.models import (
    Address,
    Boundary,
    BoundaryRelease,
    District,
    ManningBasis,
    ManningNorm,
    Sector,
    Station,
    Street,
)

MODELS = (
    Absence, Address, Assignment, Boundary, BoundaryRelease, Cover, District, Leadership, Liaison, ManningBasis,
    ManningNorm, Officer, Sector, StaffRole, Station, Street, Unit, User, Challenge, ContactPerson, Effort,
    EntryGroup, EntryParty, GroupInSector, GroupStatus, LogEntry, Party, Patrol, ProgressNote, Promise, Chapter,
    Contribution,
)  # fmt: skip


@pytest.fixture
def load(db, settings):
    def run() -> str:
        output = io.StringIO()
        call_command("load_demo", stdout=output)
        return output.getvalue()

    settings.DEMO = True
    return run


def rows() -> dict[str, list[dict]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


def test_a_real_site_is_never_given_the_public_passwords(db, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not loaded into a real site"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_loading_twice_is_the_same_as_loading_once(load):
    load()
    once = rows()
    # The handbook comes with everything else; what is in it: see tests/handbook/test_demo.py.
    assert len(once["Chapter"]) == len(FIXED + DYNAMIC)
    assert once["Contribution"]
    load()
    assert rows() == once


def test_organisation_is_the_handbooks(load):
    load()
    districts = District.objects.annotate(size=Count("sectors")).values_list("name", "size")
    assert set(districts) == {("North East", 9), ("North West", 5), ("Frederiksberg", 5)}


def test_only_one_sector_is_vacant_and_every_sector_has_somebody(load):
    load()
    holding = Assignment.objects.active_at(timezone.now())
    responsible = holding.filter(role=Assignment.Role.RESPONSIBLE).values_list("sector__number", flat=True)
    assert sorted(responsible) == [number for number in range(1, 20) if number != VACANT_SECTOR]
    assert holding.values("sector").distinct().count() == 19


def test_a_successor_takes_over_at_the_instant_the_predecessor_ends(load):
    load()
    now, later = Assignment.objects.filter(
        sector__number=SUCCESSION_SECTOR, role=Assignment.Role.RESPONSIBLE
    ).order_by("period")
    assert now.period.upper == later.period.lower > timezone.now()
    assert later.period.upper is None


def test_sectors_cover_their_area_without_gap_or_overlap():
    areas = [area_of(number) for number in RINGS]
    together = areas[0]
    for area in areas[1:]:
        together = together.union(area)
    assert all(area.valid for area in areas)
    assert together.geom_type == "Polygon"
    assert together.num_interior_rings == 0
    assert not any(one.relate_pattern(other, "T********") for one, other in itertools.combinations(areas, 2))


def test_release_is_in_force_at_once(load):
    load()
    assert Boundary.objects.active_at(timezone.now()).count() == 19
    assert Boundary.objects.aggregate(area=Union("area"))["area"].covers(area_of(VACANT_SECTOR))


def test_every_door_lies_in_its_sector_and_exists_once():
    areas = {number: area_of(number).prepared for number in RINGS}
    register = list(doors())
    assert 3000 <= len(register) <= 4000
    assert len({(d.street, d.postcode, d.number, d.letter) for d in register}) == len(register)
    assert all(areas[door.sector].covers(Point(door.lon, door.lat)) for door in register)


def test_what_a_person_changed_meanwhile_stays(load):
    load()
    Officer.objects.filter(name="Alma Eksempel").update(phone="+45 00 00 00 00", title="Vicepolitiinspektør")
    Sector.objects.filter(number=3).update(name="Bispebjerg Bakke")
    user = User.objects.get(email="station.head@police.example")
    user.set_password("a quiet evening at home")
    user.save()
    changed = rows()
    output = load()
    assert rows() == changed
    assert "(has been changed)" in output


def test_an_appointment_that_a_person_ended_is_not_made_again(load):
    load()
    for assignment in Assignment.objects.filter(sector__number=1):
        assignment.period = DateTimeTZRange(assignment.period.lower, timezone.now())
        assignment.save()
    changed = rows()
    load()
    assert rows() == changed


def test_every_login_is_printed_and_opens_its_account(load, client):
    output = load()
    for login in LOGINS:
        assert login.email in output
        assert client.login(username=login.email.upper(), password=login.password)


def answer(number: int):
    return answerable(Sector.objects.get(number=number).pk)


def test_holidays_show_cover_across_districts_stand_in_and_district(load):
    load()
    assert [answer(holiday.sector).basis for holiday in HOLIDAYS] == [
        Basis.COVER,
        Basis.RESPONSIBLE,
        Basis.STAND_IN,
        Basis.DISTRICT,
        Basis.STAND_IN,
        Basis.RESPONSIBLE,
        Basis.RESPONSIBLE,
    ]
    cover = Cover.objects.select_related("sector__district").get(officer__name="Alma Eksempel")
    own = Assignment.objects.get(officer=cover.officer)
    assert cover.sector.district != own.sector.district
    release = BoundaryRelease.objects.active_at(timezone.now()).get()
    assert release.neighbours.filter(sector=cover.sector, other=own.sector).exists()


def test_planned_absences_are_covered_and_only_one_is_left_open(load):
    load()
    coming = Absence.objects.filter(period__startswith__gt=timezone.now())
    assert len(coming) == 4
    assert all(one.covers.get().period == one.period for one in coming)
    assert [holiday.sector for holiday in HOLIDAYS if answer(holiday.sector).officer is None] == [19]


def test_departure_is_announced_with_a_day_of_hand_over(load):
    load()
    departing = Assignment.objects.active_at(timezone.now()).exclude(hand_over_on=None).get()
    assert departing.sector.number == SUCCESSION_SECTOR
    assert departing.hand_over_on < departing.period.upper.date()


def test_every_letter_of_the_table_of_rights_has_a_login(load):
    load()
    letters = {login: User.objects.get(email=login.email).standing.letters for login in LOGINS}
    assert frozenset().union(*letters.values()) == set("SDROCGHPXV")
    assert letters[OFFICER] == {"R", "C"}
    assert letters[SUCCESSOR_LOGIN] == {"O"}
    assert len(User.objects.get(email=LIAISON.email).standing.liaison) == len(GANG_SECTORS)


def test_administrator_of_an_earlier_version_gets_the_role(load):
    User.objects.create_user(ADMINISTRATOR.email, "a quiet evening at home")
    load()
    assert User.objects.get(email=ADMINISTRATOR.email).standing.is_administrator


def test_role_that_a_person_ended_is_not_given_again(load):
    load()
    role = StaffRole.objects.get(role=StaffRole.Role.ANALYST)
    role.period = DateTimeTZRange(role.period.lower, timezone.now())
    role.save()
    load()
    assert StaffRole.objects.filter(role=StaffRole.Role.ANALYST).count() == 1


def test_one_sector_waits_for_its_number_and_few_ask_for_more(load):
    load()
    undecided = ManningBasis.objects.filter(required=None)
    assert [basis.sector.number for basis in undecided] == [UNDECIDED]
    norm = ManningNorm.objects.get()
    assert norm.proposal(undecided.get()) > 2
    assert ManningBasis.objects.filter(required__gt=2).count() == len(GROWN)
    load()
    assert ManningBasis.objects.count() == Sector.objects.count() + len(GROWN) + 1


def test_the_log_tells_of_half_a_year_in_every_sector(load):
    load()
    written = LogEntry.objects.values_list("sector__number").annotate(count=Count("pk"))
    assert min(count for _number, count in written) >= 10
    assert len(written) == 19
    assert not LogEntry.objects.filter(happened_at__gt=timezone.now()).exists()
    assert LogEntry.objects.filter(happened_at__lt=timezone.now() - datetime.timedelta(days=150)).exists()


def test_who_takes_over_finds_parties_troubles_and_promises_to_take_over(load):
    load()
    sector = Sector.objects.get(number=SUCCESSION_SECTOR)
    assert sector.parties.count() == 10
    assert Challenge.objects.open().filter(sector=sector).count() == 3
    assert Promise.objects.open().filter(sector=sector).count() == 3
