"""Who typed in how many sheets: counted by account, and read by the heads of the sector."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from audit.models import ReadEntry
from contacts.models import SheetCount
from tests.factories import (
    SheetCountFactory,
    StaffRoleFactory,
    SurveyRoundFactory,
    UserFactory,
    head_of,
    head_of_district,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(quarter):
    return SurveyRoundFactory(station=quarter.station)


@pytest.fixture
def officer(quarter):
    quarter.mette.user = UserFactory(name="Mette Typist")
    quarter.mette.save()
    return quarter.mette.user


def page(survey):
    return f"/station/surveys/{survey.uuid}/"


def paper(survey, sector):
    return f"{page(survey)}sectors/{sector.slug}/paper/"


def sheet(**said):
    return {"key": uuid.uuid4(), "knows_officer": "yes", **said}


def text_of(response):
    return " ".join(response.content.decode().split())


def test_each_sheet_is_counted_for_who_typed_it_in(quarter, survey, officer, client):
    head = head_of(quarter.station)
    for user, times in ((officer, 2), (head, 1)):
        client.force_login(user)
        for _time in range(times):
            client.post(paper(survey, quarter.west), sheet())
    client.post(paper(survey, quarter.mid), sheet())
    found = set(SheetCount.objects.values_list("round", "sector", "user", "sheets"))
    west, mid = quarter.west.pk, quarter.mid.pk
    assert found == {
        (survey.pk, west, officer.pk, 2),
        (survey.pk, west, head.pk, 1),
        (survey.pk, mid, head.pk, 1),
    }


def test_a_sheet_sent_twice_or_refused_is_not_counted_again(quarter, survey, officer, client):
    client.force_login(officer)
    same = sheet()
    for sent in (same, same, sheet(knows_officer="")):
        client.post(paper(survey, quarter.west), sent)
    assert SheetCount.objects.get().sheets == 1


def test_the_count_holds_neither_an_instant_nor_an_answer():
    assert {column.name for column in SheetCount._meta.get_fields()} == {
        "id",
        "round",
        "sector",
        "user",
        "sheets",
    }


def test_heads_read_who_typed_in_how_many_of_the_sectors_they_head(quarter, survey, officer, client):
    SheetCountFactory(round=survey, sector=quarter.west, user=officer, sheets=7)
    SheetCountFactory(round=survey, sector=quarter.vacant, user__name="Vera Other", sheets=1)
    SheetCountFactory(round__station=quarter.station, round__past=True, sector=quarter.west, user=officer)
    client.force_login(head_of(quarter.station))
    text = text_of(client.get(page(survey)))
    assert "Mette Typist: 7 sheets" in text
    assert "Vera Other: 1 sheet" in text
    assert text.count("Mette Typist") == 1
    entry = ReadEntry.objects.filter(subject="contacts.sheetcount").get()
    assert set(entry.sectors) == {quarter.west.pk, quarter.vacant.pk}
    client.force_login(head_of_district(quarter.north))
    text = text_of(client.get(page(survey)))
    assert "Mette Typist: 7 sheets" in text
    assert "Vera Other" not in text


def test_officers_and_analysts_do_not_read_it(quarter, survey, officer, client):
    SheetCountFactory(round=survey, sector=quarter.west, user=officer, sheets=7)
    for user in (officer, StaffRoleFactory(analyst=True, station=quarter.station).user):
        client.force_login(user)
        assert "7 sheets" not in text_of(client.get(page(survey)))


def test_a_head_who_is_analyst_of_another_station_reads_nothing_of_its_typists(quarter, survey, client):
    other = SheetCountFactory(user__name="Olaf Other", sheets=3)
    head = head_of(quarter.station)
    StaffRoleFactory(analyst=True, station=other.round.station, user=head)
    client.force_login(head)
    assert "Olaf Other" not in text_of(client.get(page(other.round)))


@pytest.mark.parametrize("act", [lambda rows: rows.update(sheets=1), lambda rows: rows.delete()])
def test_the_database_lets_a_count_only_grow(act):
    count = SheetCountFactory(sheets=2)
    with pytest.raises(IntegrityError, match=r"only grows|added to"), transaction.atomic():
        act(SheetCount.objects.filter(pk=count.pk))
