"""The directory of partners: looked up by all of the station, kept by its heads."""

import datetime

import pytest
from django.utils import timezone

from audit.models import ReadEntry
from contacts.models import PartnerContact
from tests.factories import PartnerContactFactory, UserFactory, head_of, head_of_district

pytestmark = pytest.mark.django_db

LIST = "/station/partners/"


@pytest.fixture
def officer(quarter, client):
    quarter.mette.user = UserFactory()
    quarter.mette.save()
    client.force_login(quarter.mette.user)
    return quarter.mette.user


@pytest.fixture
def press(quarter):
    return PartnerContactFactory(
        station=quarter.station,
        kind="press",
        organisation="The Daily",
        name="Nynne",
        phone="",
        email="n@daily.example",
    )


@pytest.fixture
def school(quarter):
    return PartnerContactFactory(
        station=quarter.station,
        district=quarter.north,
        kind="school",
        organisation="The School",
        name="Sally",
    )


def typed(**changes):
    return {
        "kind": "ssp",
        "organisation": "The municipality",
        "name": "Ida",
        "phone": "+45 00 00 40 01",
        **changes,
    }


def names(response):
    return [partner.name for partner, _keeps, _stale in response.context["rows"]]


def test_everybody_of_the_station_reads_it_with_links_to_call_and_write(
    quarter, officer, press, school, client
):
    PartnerContactFactory(name="Foreign")
    response = client.get(LIST)
    assert names(response) == ["Nynne", "Sally"]
    text = response.content.decode()
    assert 'href="mailto:n@daily.example"' in text
    assert 'href="tel:' in text
    assert "/station/partners/new/" not in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=daily", ["Nynne"]),
        ("q=the+sally", ["Sally"]),
        ("q=nobody", []),
        ("kind=school", ["Sally"]),
        ("kind=none", ["Nynne", "Sally"]),
        ("q=" + "x" * 200, ["Nynne", "Sally"]),
    ],
)
def test_the_list_is_narrowed_and_what_is_no_filter_is_passed_over(
    quarter, officer, press, school, client, asked, found
):
    assert names(client.get(f"{LIST}?{asked}")) == found


def test_a_districts_list_holds_the_stations_own_too(quarter, officer, press, school, client):
    assert names(client.get(f"{LIST}?district={quarter.south.pk}")) == ["Nynne"]
    assert names(client.get(f"{LIST}?district={quarter.north.pk}")) == ["Nynne", "Sally"]


def test_what_was_confirmed_more_than_a_year_ago_is_said_and_confirmed_with_one_tap(quarter, school, client):
    old = timezone.localdate() - datetime.timedelta(days=366)
    PartnerContact.objects.filter(pk=school.pk).update(confirmed_on=old)
    client.force_login(head_of_district(quarter.north))
    assert "more than a year ago" in client.get(LIST).content.decode()
    client.post(f"{LIST}{school.uuid}/confirm/")
    school.refresh_from_db()
    assert school.confirmed_on == timezone.localdate()
    assert "more than a year ago" not in client.get(LIST).content.decode()


def test_a_stations_head_enters_for_all_of_it_a_districts_head_for_the_district(quarter, client):
    client.force_login(head_of(quarter.station))
    assert client.post(f"{LIST}new/", typed()).status_code == 302
    client.force_login(head_of_district(quarter.north))
    assert client.post(f"{LIST}new/", typed(name="Bo")).status_code == 422
    assert client.post(f"{LIST}new/", typed(name="Bo", district=quarter.south.pk)).status_code == 422
    assert client.post(f"{LIST}new/", typed(name="Bo", district=quarter.north.pk)).status_code == 302
    assert set(PartnerContact.objects.values_list("name", "district")) == {
        ("Ida", None),
        ("Bo", quarter.north.pk),
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": ""}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"kind": ""}, "kind"),
        ({"organisation": ""}, "organisation"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(quarter, client, changes, field):
    client.force_login(head_of(quarter.station))
    response = client.post(f"{LIST}new/", typed(**changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_heads_keep_their_own_and_nothing_else(quarter, press, school, officer, client):
    for partner in (press, school):
        assert client.post(f"{LIST}{partner.uuid}/", typed()).status_code == 404
    client.force_login(head_of_district(quarter.north))
    assert client.get(f"{LIST}{school.uuid}/").status_code == 200
    for path in ("", "confirm/", "remove/"):
        assert client.post(f"{LIST}{press.uuid}/{path}").status_code == 404


def test_of_two_who_change_the_second_is_told_and_keeps_what_was_typed(quarter, school, client):
    client.force_login(head_of(quarter.station))
    address = f"{LIST}{school.uuid}/"
    seen = client.get(address).context["form"]["seen"].value()
    PartnerContact.objects.filter(pk=school.pk).update(phone="+45 00 00 49 99")
    response = client.post(address, typed(phone="+45 00 00 41 11", seen=seen))
    assert response.status_code == 409
    text = response.content.decode()
    assert "+45 00 00 41 11" in text
    assert "+45 00 00 49 99" in text


def test_a_partner_is_asked_about_and_removed(quarter, school, client):
    client.force_login(head_of(quarter.station))
    assert "Remove Sally, The School?" in client.get(f"{LIST}{school.uuid}/remove/").content.decode()
    client.post(f"{LIST}{school.uuid}/remove/")
    assert not PartnerContact.objects.exists()


def test_the_export_holds_what_one_keeps_without_formulas_and_is_logged(quarter, press, school, client):
    PartnerContact.objects.filter(pk=school.pk).update(note="=1+1")
    client.force_login(head_of_district(quarter.north))
    text = client.get(f"{LIST}export.csv").content.decode()
    assert "Sally" in text
    assert "'=1+1" in text
    assert "Nynne" not in text
    entry = ReadEntry.objects.filter(verb="exported").latest("pk")
    assert entry.keys == [f"contacts.partnercontact:{school.pk}"]


def test_officers_export_nothing_and_who_works_nowhere_reads_nothing(quarter, officer, press, client):
    assert client.get(f"{LIST}export.csv").status_code == 404
    client.force_login(UserFactory())
    assert client.get(LIST).status_code == 404


def test_who_was_looked_up_stands_in_the_read_log(quarter, officer, press, school, client):
    client.get(f"{LIST}?q=daily")
    entry = ReadEntry.objects.filter(subject="contacts.partnercontact").latest("pk")
    assert (entry.verb, entry.keys) == ("searched", [f"contacts.partnercontact:{press.pk}"])


def test_the_list_costs_the_same_however_long_it_is(quarter, client, django_assert_max_num_queries):
    PartnerContactFactory.create_batch(60, station=quarter.station)
    client.force_login(head_of(quarter.station))
    with django_assert_max_num_queries(10):
        response = client.get(LIST)
    assert len(response.context["rows"]) == 50


def test_a_partner_sent_twice_stands_in_the_directory_once(quarter, client):
    client.force_login(head_of(quarter.station))
    answers = [client.post("/station/partners/new/", typed()) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert PartnerContact.objects.count() == 1
    client.post("/station/partners/new/", typed(name="Somebody else"))
    assert PartnerContact.objects.count() == 2
