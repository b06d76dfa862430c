"""A holiday: the public page, the interface and the rights follow the clock, and nobody does anything."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone

from officers.absence import AbsenceRefused, PlannedCover, add_cover, end_absence, enter_absence
from officers.models import Absence, Cover, Officer
from officers.responsibility import answerable
from sectors.models import Sector
from tests.factories import (
    AbsenceFactory,
    AssignmentFactory,
    DistrictFactory,
    OfficerFactory,
    SectorFactory,
    UserFactory,
    division_of,
    middle,
)

DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)


class Holiday:
    """Rita's sector, covered by Ole while she is away; his own sector is in another district."""

    def __init__(self, *, other_station: bool):
        self.sector = SectorFactory(slug="nowhere", number=1)
        own_district = DistrictFactory() if other_station else DistrictFactory(station=self.sector.station)
        self.own = SectorFactory(district=own_district, number=2)
        division_of(self.sector)
        self.rita, self.ole = self._officer(self.sector, "Rita"), self._officer(self.own, "Ole")

    def _officer(self, sector: Sector, name: str) -> Officer:
        officer = OfficerFactory(station=sector.station, name=name, user=UserFactory())
        AssignmentFactory(sector=sector, officer=officer)
        return officer

    def begin(self, begins: datetime.datetime, ends: datetime.datetime | None) -> Absence:
        period = DateTimeTZRange(begins, ends)
        return enter_absence(self.rita, period, [PlannedCover(self.sector, self.ole, period)])

    def told(self, client: Client) -> tuple[str, str]:
        """Return who the public page and the interface for programs name."""
        lon, lat = middle()
        answer = json.loads(client.get("/api/v1/locate", {"lat": lat, "lon": lon}).content)
        page = client.get("/sectors/nowhere/").content.decode()
        name = page.partition('<span class="officer-name">')[2].partition("<")[0]
        return name, answer["officer"]["name"]

    def enters(self, client: Client) -> bool:
        """Tell whether Ole, who has been logged in all the time, is let in to the sector's page for staff."""
        return client.get("/station/sectors/nowhere/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("other_station", [False, True])
def test_cover_from_elsewhere_begins_and_ends_by_the_clock_with_a_live_session(client, other_station):
    holiday = Holiday(other_station=other_station)
    now = timezone.now()
    begins, ends = now + 10 * SECOND * 60, now + 20 * SECOND * 60
    holiday.begin(begins, ends)
    live = Client()
    live.force_login(holiday.ole.user)
    for instant, name in (
        (begins - SECOND, "Rita"),
        (begins, "Ole"),
        (ends - SECOND, "Ole"),
        (ends, "Rita"),
    ):
        with time_machine.travel(instant, tick=False):
            assert holiday.told(client) == (name, name)
            assert holiday.enters(live) is (name == "Ole")
            assert live.get(f"/station/sectors/{holiday.own.slug}/").status_code == 200


@pytest.mark.django_db
def test_covering_officer_who_falls_ill_loses_the_right_and_is_named_no_more(client):
    holiday = Holiday(other_station=False)
    holiday.begin(timezone.now(), timezone.now() + 5 * DAY)
    live = Client()
    live.force_login(holiday.ole.user)
    assert holiday.enters(live)
    AbsenceFactory(officer=holiday.ole)
    assert not holiday.enters(live)
    assert "Ole" not in client.get("/sectors/nowhere/").content.decode()


@pytest.mark.django_db
def test_officer_back_early_ends_the_covers_right_with_the_next_request(client):
    holiday = Holiday(other_station=True)
    absence = holiday.begin(timezone.now(), None)
    live = Client()
    live.force_login(holiday.ole.user)
    assert holiday.enters(live)
    end_absence(absence, timezone.now())
    assert not holiday.enters(live)
    assert holiday.told(client) == ("Rita", "Rita")


@pytest.mark.django_db
def test_rights_of_the_absent_officer_stay(client):
    holiday = Holiday(other_station=False)
    holiday.begin(timezone.now(), None)
    client.force_login(holiday.rita.user)
    assert holiday.enters(client)


@pytest.mark.django_db
def test_who_it_was_is_answered_like_the_rights_were(client):
    """The dated rows, read for a past instant, say the same of answer and of right."""
    holiday = Holiday(other_station=False)
    now = timezone.now()
    AbsenceFactory(officer=holiday.rita, period=DateTimeTZRange(now - 9 * DAY, now - 3 * DAY))
    Cover.objects.create(
        absence=Absence.objects.get(),
        sector=holiday.sector,
        officer=holiday.ole,
        period=DateTimeTZRange(now - 8 * DAY, now - 4 * DAY),
    )
    instants = {day: now - day * DAY - SECOND for day in range(12)}
    standings = [day for day, instant in instants.items() if holiday.ole.user.standing_at(instant).covering]
    ids = {day: answerable(holiday.sector.pk, instant).officer_id for day, instant in instants.items()}
    answers = [day for day, officer_id in ids.items() if officer_id == holiday.ole.pk]
    assert standings == answers == [4, 5, 6, 7]


@pytest.mark.django_db(transaction=True)
def test_two_heads_who_cover_a_sector_at_once_get_one_cover_and_one_sentence():
    holiday = Holiday(other_station=False)
    period = DateTimeTZRange(timezone.now() + DAY, timezone.now() + 5 * DAY)
    absence = enter_absence(holiday.rita, period)
    others = [OfficerFactory() for _ in range(4)]

    def cover(officer: Officer) -> str:
        try:
            add_cover(Absence.objects.get(pk=absence.pk), PlannedCover(holiday.sector, officer, period))
        except AbsenceRefused as refusal:
            return str(refusal)
        else:
            return ""
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as heads:
        said = list(heads.map(cover, others))
    assert Cover.objects.count() == 1
    assert sorted(map(bool, said)) == [False, True, True, True]
    assert all("covers 1 " in sentence for sentence in said if sentence)
