import datetime
import re
import uuid

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone

from audit.models import ReadEntry
from sectorlog.models import ContactPerson, LogEntry, Party, TargetGroup
from tests.factories import (
    AddressFactory,
    AssignmentFactory,
    ChallengeFactory,
    ContactPersonFactory,
    LogEntryFactory,
    OfficerFactory,
    PartyFactory,
    SectorFactory,
    StreetFactory,
    UserFactory,
    division_of,
    head_of_district,
    middle,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    """A sector in force, its neighbour to the east."""
    sector = SectorFactory(name="Brønshøj", number=7)
    other = SectorFactory(district=sector.district, name="Husum", number=8)
    division_of(sector, other)
    return sector


@pytest.fixture
def officer(sector):
    return AssignmentFactory(
        sector=sector, officer__user=UserFactory(name="Rita Fictional"), officer__station=sector.station
    ).officer


@pytest.fixture
def attached(sector):
    officer = OfficerFactory(station=sector.station, user=UserFactory())
    AssignmentFactory(attached=True, sector=sector, officer=officer)
    return officer


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer.user)
    return client


def words(response) -> str:
    return " ".join(response.content.decode().split())


def hidden(response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return found[1] if found else ""


def list_url(sector, **query) -> str:
    return reverse("sectorlog:party_list", args=[sector.slug], query=query or None)


def url(name, party) -> str:
    return reverse(f"sectorlog:{name}", args=[party.uuid])


def create(client, sector, **fields):
    fields = {"name": "Bager Jensen", "kind": "trade"} | fields
    return client.post(reverse("sectorlog:party_create", args=[sector.slug]), fields)


# The list


def test_the_list_tells_last_contact_and_what_is_due(as_officer, sector):
    bakery = PartyFactory(sector=sector, name="Bakery", kind="trade", interval_days=10)
    LogEntryFactory(sector=sector, parties=[bakery], happened_at=timezone.now() - datetime.timedelta(days=13))
    PartyFactory(sector=sector, name="Club")
    page = words(as_officer.get(list_url(sector)))
    assert "Due for 3 days" in page
    assert "Round: 1 visit is due" in page
    assert page.index("<strong>Bakery") < page.index("<strong>Club")


def test_the_list_takes_the_same_few_queries_for_one_and_for_fifty(
    as_officer, sector, django_assert_max_num_queries
):
    for number in range(50):
        party = PartyFactory(sector=sector, name=f"Shop {number}", interval_days=5)
        LogEntryFactory(sector=sector, parties=[party])
    with django_assert_max_num_queries(14):
        assert as_officer.get(list_url(sector)).status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "jensen"}, ["Bager Jensen", "Klubben"]),
        ({"q": "bager jens"}, ["Bager Jensen"]),
        ({"q": "sundsvej"}, ["Klubben"]),
        ({"kind": "club"}, ["Klubben"]),
        ({"group": "young"}, ["Klubben"]),
        ({"show": "gone"}, ["Old shop"]),
        ({"show": "due"}, ["Bager Jensen"]),
        ({"show": "all"}, ["Bager Jensen", "Klubben", "Old shop"]),
        ({"kind": "nonsense", "group": "nobody", "show": "?"}, ["Bager Jensen", "Klubben"]),
        ({"q": "%"}, []),
    ],
)
def test_the_list_is_searched_and_filtered(as_officer, sector, query, names):
    PartyFactory(sector=sector, name="Bager Jensen", kind="trade", interval_days=30)
    club = PartyFactory(sector=sector, name="Klubben", kind="club", address="Frederikssundsvej 2")
    club.groups.add(TargetGroup.objects.get(slug="young"))
    ContactPersonFactory(party=club, name="Ulla Jensen")
    PartyFactory(sector=sector, name="Old shop", gone_at=timezone.now())
    PartyFactory(name="Foreign Jensen")
    page = as_officer.get(list_url(sector, **query))
    assert [visit.party.name for visit in page.context["rows"]] == names


def test_who_was_listed_is_logged(as_officer, sector):
    party = PartyFactory(sector=sector)
    as_officer.get(list_url(sector))
    entry = ReadEntry.objects.latest("pk")
    assert f"sectorlog.party:{party.pk}" in entry.keys


def test_a_stranger_finds_no_list_and_no_party(client, sector):
    client.force_login(UserFactory())
    party = PartyFactory(sector=sector)
    for address in (list_url(sector), url("party_detail", party), url("party_visited", party)):
        assert client.get(address).status_code == 404


# A party's page


def test_the_page_says_all_that_is_known(as_officer, sector, officer):
    party = PartyFactory(
        sector=sector,
        name="Bakery",
        note="Opens at six.",
        interval_days=30,
        place=Point(*middle(), srid=4326),
    )
    ContactPersonFactory(
        party=party, name="Ulla", role="Owner", phone="+45 12 34 56 78", email="u@example.com"
    )
    ContactPersonFactory(party=party, name="Past", left_at=timezone.now())
    challenge = ChallengeFactory(sector=sector, title="Burglaries")
    challenge.parties.add(party)
    LogEntryFactory(sector=sector, parties=[party], text="Coffee and a talk.", author=officer.user)
    page = words(as_officer.get(url("party_detail", party)))
    for text in ("Opens at six.", "Burglaries", "Coffee and a talk.", "every 30 days", "Rita Fictional"):
        assert text in page
    assert 'href="tel:+4512345678"' in page
    assert 'href="mailto:u@example.com"' in page
    assert page.index("Ulla") < page.index("Who has left") < page.index("Past")
    assert f"?sector={sector.slug}&amp;party={party.uuid}" in page


def test_the_history_is_paged_newest_first(as_officer, sector, django_assert_max_num_queries):
    party = PartyFactory(sector=sector)
    for days in range(25):
        LogEntryFactory(
            sector=sector,
            parties=[party],
            text=f"Day {days}.",
            happened_at=timezone.now() - datetime.timedelta(days=days),
        )
    with django_assert_max_num_queries(18):
        first = words(as_officer.get(url("party_detail", party)))
    assert first.index("Day 0.") < first.index("Day 19.")
    assert "Day 20." not in first
    assert "Day 24." in words(as_officer.get(url("party_detail", party) + "?page=2"))


def test_a_head_reads_and_changes_nothing(client, sector):
    client.force_login(head_of_district(sector.district))
    party = PartyFactory(sector=sector)
    page = words(client.get(url("party_detail", party)))
    assert "Change what is known" not in page
    assert "Visited" not in page
    assert client.post(url("party_update", party), {"name": "X"}).status_code == 404


# Entering


def test_a_party_is_entered_with_its_contact_and_put_on_the_map(client, sector, attached):
    client.force_login(attached.user)
    AddressFactory(number=12)
    response = create(
        client,
        sector,
        address="Frederikssundsvej 12",
        interval_days="60",
        **{"contact-name": "Ulla", "contact-phone": "+45 12345678"},
    )
    party = Party.objects.get()
    assert response["Location"] == url("party_detail", party)
    assert (party.place.x, party.place.y) == pytest.approx(middle())
    assert (party.interval_days, party.sector) == (60, sector)
    assert party.contacts.get().name == "Ulla"


def test_a_tapped_place_stands_above_the_address(as_officer, sector):
    AddressFactory(number=12)
    create(as_officer, sector, address="Frederikssundsvej 12", lat="55.6951", lon="12.4841")
    assert Party.objects.get().place.coords == (12.4841, 55.6951)


def test_an_address_that_the_register_does_not_know_stays_as_words(as_officer, sector):
    response = as_officer.get(create(as_officer, sector, address="The kiosk by the lake")["Location"])
    party = Party.objects.get()
    assert (party.address, party.place) == ("The kiosk by the lake", None)
    assert "not on the map" in words(response)


def test_a_place_in_the_next_sector_is_asked_about_not_refused(as_officer, sector):
    lon, lat = middle(1)
    response = create(as_officer, sector, lat=str(lat), lon=str(lon))
    assert response.status_code == 422
    assert "This place lies in 8 Husum. Does the party belong to 7 Brønshøj even so?" in words(response)
    assert not Party.objects.exists()
    key = re.search(r'name="place_meant"\s+value="([^"]+)"', response.content.decode())[1]
    assert create(as_officer, sector, lat=str(lat), lon=str(lon), place_meant=key).status_code == 302
    assert Party.objects.get().sector == sector


def test_the_answer_about_one_place_is_none_about_another(as_officer, sector):
    lon, lat = middle(1)
    again = create(as_officer, sector, lat="55.1", lon="11.0", place_meant=f"{lat:.6f},{lon:.6f}")
    assert again.status_code == 422
    assert "outside all sectors" in words(again)


def test_an_address_in_several_towns_is_asked_about(as_officer, sector):
    for city, column in (("Brønshøj", 1), ("Herlev", 2)):
        street = StreetFactory(name="Tværvej", city=city, postcode="2700" if column == 1 else "2730")
        AddressFactory(street=street, number=1, column=column)
    response = create(as_officer, sector, address="Tværvej 1")
    assert response.status_code == 422
    assert "Which address do you mean?" in words(response)
    words_only = create(as_officer, sector, address="Tværvej 1", place_meant="Tværvej 1", chosen_address="")
    assert words_only.status_code == 302
    assert Party.objects.get().place is None


def test_of_several_towns_the_one_in_the_sector_is_meant(as_officer, sector):
    for city, column in (("Brønshøj", 0), ("Herlev", 2)):
        street = StreetFactory(name="Tværvej", city=city, postcode="2700" if column == 0 else "2730")
        AddressFactory(street=street, number=1, column=column)
    create(as_officer, sector, address="Tværvej 1")
    assert Party.objects.get().place.x == pytest.approx(middle()[0])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 151}, "at most 150"),
        ({"note": "x" * 100_000}, "at most 4000"),
        ({"interval_days": "731"}, "less than or equal to 730"),
        ({"lat": "north", "lon": "12"}, "must be numbers"),
        ({"lat": "95", "lon": "12"}, "between -90 and 90"),
        ({"lat": "55.7", "lon": ""}, "must be numbers"),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({"groups": ["nonsense"]}, "is not a valid value"),
        ({"contact-name": "", "contact-phone": "1234"}, "This field is required"),
        ({"contact-name": "Ulla", "contact-email": "nonsense"}, "valid email"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_kept(as_officer, sector, fields, sentence):
    response = create(as_officer, sector, **({"note": "Keep me."} | fields))
    assert response.status_code == 422
    assert sentence in words(response)
    assert "note" in fields or "Keep me." in words(response)
    assert not Party.objects.exists()


def test_strange_text_is_kept_as_it_is_and_harms_nobody(as_officer, sector):
    note = "<script>alert(1)</script> \u202eעברית 👮\u200d♀️ {{ 1 }}"
    create(as_officer, sector, name="<b>Ø</b>", note=note)
    party = Party.objects.get()
    assert (party.name, party.note) == ("<b>Ø</b>", note)
    page = as_officer.get(url("party_detail", party)).content.decode()
    assert "<script>alert" not in page
    assert "<b>Ø</b>" not in page


def test_who_is_there_already_is_asked_about(as_officer, sector):
    there = PartyFactory(sector=sector, name="Bager Jensen A/S", address="Frederikssundsvej 2")
    response = create(as_officer, sector, name="Bager Jensen")
    assert response.status_code == 422
    assert "Is it one of these?" in words(response)
    assert url("party_detail", there) in words(response)
    key = re.search(r'name="no_double"\s+value="([^"]+)"', response.content.decode())[1]
    assert create(as_officer, sector, name="Bager Jensen", no_double=key).status_code == 302
    assert Party.objects.count() == 2


def test_the_question_of_source_handling_comes_before_saving(as_officer, sector):
    response = create(as_officer, sector, note="CPR 010190-1234 sells.")
    assert response.status_code == 422
    assert response.context["form"].asks_source_question
    assert not Party.objects.exists()


# Changing


def update(client, party, **fields):
    page = client.get(url("party_update", party))
    place = {"lat": f"{party.place.y:.6f}", "lon": f"{party.place.x:.6f}"} if party.place else {}
    there = {"name": party.name, "kind": party.kind, "address": party.address, "seen": hidden(page, "seen")}
    return client.post(url("party_update", party), there | place | fields)


def test_the_responsible_officer_changes_what_is_known(as_officer, sector):
    party = PartyFactory(sector=sector, name="Bakery")
    assert update(as_officer, party, name="Bakery & Café", note="Two rooms.").status_code == 302
    party.refresh_from_db()
    assert (party.name, party.note) == ("Bakery & Café", "Two rooms.")


def test_an_attached_officer_changes_nothing(client, sector, attached):
    client.force_login(attached.user)
    party = PartyFactory(sector=sector)
    assert client.get(url("party_update", party)).status_code == 404
    assert client.post(url("party_gone", party)).status_code == 404


def test_another_address_moves_the_place(as_officer, sector):
    AddressFactory(number=12)
    party = PartyFactory(sector=sector, address="Before 1", place=Point(12.4811, 55.6911, srid=4326))
    update(as_officer, party, address="Frederikssundsvej 12")
    party.refresh_from_db()
    assert party.place.coords == pytest.approx(middle())


def test_the_place_stays_where_only_the_name_changes(as_officer, sector):
    place = Point(12.4811, 55.6911, srid=4326)
    party = PartyFactory(sector=sector, address="Nowhere 1", place=place)
    update(as_officer, party, name="Other")
    party.refresh_from_db()
    assert party.place == place


def test_a_place_is_taken_away(as_officer, sector):
    party = PartyFactory(sector=sector, place=Point(12.4811, 55.6911, srid=4326))
    update(as_officer, party, lat="", lon="")
    party.refresh_from_db()
    assert party.place is None


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_unseen(as_officer, sector):
    party = PartyFactory(sector=sector, name="Bakery")
    seen = hidden(as_officer.get(url("party_update", party)), "seen")
    Party.objects.filter(pk=party.pk).update(note="Closed on Mondays.")
    typed = {"name": "Bakery", "kind": "trade", "note": "Open all days.", "seen": seen}
    response = as_officer.post(url("party_update", party), typed)
    assert response.status_code == 409
    assert "Closed on Mondays." in words(response)
    assert "Open all days." in words(response)
    again = as_officer.post(url("party_update", party), typed | {"seen": hidden(response, "seen")})
    assert again.status_code == 302
    party.refresh_from_db()
    assert party.note == "Open all days."


def test_a_party_goes_and_comes_back(as_officer, sector):
    party = PartyFactory(sector=sector, interval_days=1)
    as_officer.post(url("party_gone", party))
    party.refresh_from_db()
    first = party.gone_at
    as_officer.post(url("party_gone", party))
    party.refresh_from_db()
    assert party.gone_at == first is not None
    as_officer.post(url("party_gone", party), {"is_back": "yes"})
    party.refresh_from_db()
    assert party.gone_at is None


# Contact persons


def test_whoever_works_in_the_sector_adds_a_contact(client, sector, attached):
    client.force_login(attached.user)
    party = PartyFactory(sector=sector)
    assert client.post(url("contact_create", party), {"name": "Ulla", "role": "Chair"}).status_code == 302
    assert party.contacts.get().role == "Chair"


def test_a_contact_that_is_sent_twice_is_one(as_officer, sector):
    party = PartyFactory(sector=sector)
    sent = {"name": "Ulla", "role": "Chair", "phone": "+45 12345678"}
    for _time in range(2):
        assert as_officer.post(url("contact_create", party), sent).status_code == 302
    assert party.contacts.count() == 1
    as_officer.post(url("contact_left", party.contacts.get()))
    as_officer.post(url("contact_create", party), sent)
    assert party.contacts.count() == 2


def test_a_contact_is_changed_and_noted_as_having_left(as_officer, sector):
    contact = ContactPersonFactory(party__sector=sector, name="Ulla", phone="1")
    seen = hidden(as_officer.get(url("contact_update", contact)), "seen")
    as_officer.post(url("contact_update", contact), {"name": "Ulla", "phone": "2", "seen": seen})
    stale = as_officer.post(url("contact_update", contact), {"name": "Ulla", "phone": "3", "seen": seen})
    assert stale.status_code == 409
    as_officer.post(url("contact_left", contact))
    contact.refresh_from_db()
    assert contact.phone == "2"
    assert contact.left_at is not None
    as_officer.post(url("contact_left", contact), {"is_back": "yes"})
    assert ContactPerson.objects.get().left_at is None


def test_contacts_of_other_sectors_are_not_found(as_officer):
    contact = ContactPersonFactory()
    assert as_officer.get(url("contact_update", contact)).status_code == 404
    assert as_officer.post(url("contact_left", contact)).status_code == 404


# Visited


def visited(client, party, **fields):
    return client.post(url("party_visited", party), {"uuid": str(uuid.uuid4())} | fields)


def test_a_visit_is_noted_with_nothing_typed_at_all(client, sector, attached):
    client.force_login(attached.user)
    party = PartyFactory(
        sector=sector, interval_days=30, address="Street 1", place=Point(*middle(), srid=4326)
    )
    party.groups.add(TargetGroup.objects.get(slug="trade"))
    response = visited(client, party)
    entry = LogEntry.objects.get()
    assert response["Location"] == url("party_detail", party)
    assert entry.form_version.template.slug == "visit"
    assert list(entry.parties.all()) == [party]
    assert [group.slug for group in entry.groups.all()] == ["trade"]
    assert (entry.place_text, entry.place_precision) == ("Street 1", 10)
    assert "Next by" in words(client.get(url("party_detail", party)))


def test_what_came_of_the_visit_is_kept(as_officer, sector):
    party = PartyFactory(sector=sector)
    visited(as_officer, party, text="All well.", outcome="advice", card_left="on")
    entry = LogEntry.objects.get()
    assert (entry.text, entry.outcome, entry.values) == ("All well.", "advice", {"card": "yes"})


def test_the_same_visit_sent_twice_is_one_entry(as_officer, sector):
    party, key = PartyFactory(sector=sector), str(uuid.uuid4())
    assert visited(as_officer, party, uuid=key).status_code == 302
    assert visited(as_officer, party, uuid=key).status_code == 302
    assert LogEntry.objects.count() == 1


def test_a_uuid_of_somebody_else_is_asked_for_anew(as_officer, sector):
    theirs = LogEntryFactory(sector=sector)
    response = visited(as_officer, PartyFactory(sector=sector), uuid=str(theirs.uuid), text="Mine.")
    assert response.status_code == 409
    assert "Mine." in words(response)
    assert str(theirs.uuid) not in words(response)


def test_nobody_there_is_noted_and_is_no_contact(as_officer, sector):
    party = PartyFactory(sector=sector, name="Bakery", interval_days=30)
    visited(as_officer, party, nobody_there="yes", outcome="dialogue", text="Closed today.")
    entry = LogEntry.objects.get()
    assert (entry.text, entry.place_text) == ("Nobody there. Closed today.", "")
    assert "Bakery" in words(as_officer.get(reverse("sectorlog:entry_detail", args=[entry.uuid])))
    assert (entry.outcome, list(entry.parties.all())) == ("", [])
    page = words(as_officer.get(url("party_detail", party)))
    assert "Due today" in page
    assert "Nobody there" in page


def test_a_visit_goes_on_with_the_round_from_where_it_was(as_officer, sector):
    party = PartyFactory(sector=sector, place=Point(12.4811, 55.6911, srid=4326))
    back = reverse("sectorlog:visit_round", args=[sector.slug]) + "?lat=55.69&lon=12.48"
    response = visited(as_officer, party, back=back)
    assert response["Location"].endswith("/visits/?lat=55.691100&lon=12.481100&visited=1")


@pytest.mark.parametrize("back", ["https://evil.example/log/visits/", "//evil.example", "/admin/", "\\evil"])
def test_a_visit_leads_nowhere_else(as_officer, sector, back):
    party = PartyFactory(sector=sector)
    assert visited(as_officer, party, back=back)["Location"] == url("party_detail", party)


def test_a_bad_visit_is_refused_with_what_was_typed(as_officer, sector):
    party = PartyFactory(sector=sector)
    response = visited(as_officer, party, uuid="nonsense", text="Kept.")
    assert response.status_code == 422
    assert "Kept." in words(response)
    assert visited(as_officer, party, text="x" * 100_000).status_code == 422
    assert not LogEntry.objects.exists()


def test_heads_write_no_visits(client, sector):
    client.force_login(head_of_district(sector.district))
    assert visited(client, PartyFactory(sector=sector)).status_code == 404


# The round


def round_url(sector, **query) -> str:
    return reverse("sectorlog:visit_round", args=[sector.slug], query=query or None)


@pytest.fixture
def street(sector):
    """Four places in a row from west to east, named out of order."""
    return [
        PartyFactory(
            sector=sector, name=name, interval_days=1, place=Point(12.4805 + step / 1000, 55.695, srid=4326)
        )
        for name, step in (("C", 3), ("A", 1), ("D", 4), ("B", 2))
    ]


def stops(response) -> list[str]:
    return [stop.visit.party.name for stop in response.context["round"].stops]


def test_the_round_goes_along_the_street_from_the_phone(
    as_officer, sector, street, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        response = as_officer.get(round_url(sector, lat="55.695", lon="12.4800"))
    assert stops(response) == ["A", "B", "C", "D"]
    assert stops(as_officer.get(round_url(sector, lat="55.695", lon="12.4860"))) == ["D", "C", "B", "A"]
    page = words(response)
    assert re.search(r"4 places, about 28\d m from your position", page)


def test_the_round_begins_in_the_middle_where_nothing_is_said(as_officer, sector, street):
    assert "from the middle of the sector" in words(as_officer.get(round_url(sector)))


def test_the_round_begins_at_an_address(as_officer, sector, street):
    AddressFactory(number=12, location=Point(12.4860, 55.695, srid=4326))
    response = as_officer.get(round_url(sector, q="Frederikssundsvej 12"))
    assert stops(response) == ["D", "C", "B", "A"]


@pytest.mark.parametrize(
    "query", [{"lat": "north", "lon": "?"}, {"lat": "1e999", "lon": "5"}, {"q": "Nowhere 1"}]
)
def test_a_start_that_is_none_is_said_and_the_round_shown(as_officer, sector, street, query):
    response = as_officer.get(round_url(sector, **query))
    assert response.status_code == 422
    assert len(stops(response)) == 4


def test_forty_places_are_a_round_and_the_rest_is_told(as_officer, sector):
    for step in range(43):
        PartyFactory(
            sector=sector,
            name=f"P{step}",
            interval_days=1,
            place=Point(12.48 + step / 10_000, 55.695, srid=4326),
        )
    response = as_officer.get(round_url(sector, lat="55.695", lon="12.48"))
    assert stops(response) == [f"P{step}" for step in range(40)]
    assert "3 more lie further off." in words(response)


def test_who_has_no_place_is_in_the_list_all_the_same(as_officer, sector):
    PartyFactory(sector=sector, name="Somewhere", interval_days=1)
    page = words(as_officer.get(round_url(sector)))
    assert "Without a place on the map" in page
    assert "Somewhere" in page


def test_all_own_sectors_are_one_round_and_no_other(as_officer, sector, officer):
    second = SectorFactory(district=sector.district)
    AssignmentFactory(attached=True, sector=second, officer=officer)
    place = Point(12.481, 55.695, srid=4326)
    for where, name in ((sector, "First"), (second, "Second"), (SectorFactory(), "Foreign")):
        PartyFactory(sector=where, name=name, interval_days=1, place=place)
    assert set(stops(as_officer.get(reverse("sectorlog:visit_rounds")))) == {"First", "Second"}


def test_who_works_nowhere_has_no_round(client):
    client.force_login(UserFactory())
    assert "You work in no sector" in words(client.get(reverse("sectorlog:visit_rounds")))


def test_the_start_page_names_who_is_due(as_officer, sector):
    PartyFactory(sector=sector, name="Bakery", interval_days=5)
    for page in ("/log/", f"/log/sectors/{sector.slug}/"):
        found = words(as_officer.get(page))
        assert "1 visit is due" in found
        assert "Bakery" in found
