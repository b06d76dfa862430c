"""From an entry to the handbook: its words go along, the people and places that it is about do not."""

import pytest
from django.db.models import TextField
from django.urls import reverse

from audit.models import ReadEntry
from handbook.models import Contribution, Passage
from sectorlog.suggesting import suggestion
from sectors.models import Street
from tests.factories import ChapterFactory, ContactPersonFactory, LogEntryFactory, PartyFactory, SectorFactory
from tests.sectorlog.entry_pages import officer_of

pytestmark = pytest.mark.django_db
METHOD = "We knocked at ten and asked for the caretaker first."


@pytest.fixture
def sector():
    sector = SectorFactory()
    ChapterFactory(station=sector.station, slug="the-task")
    return sector


@pytest.fixture
def officer(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


def address(entry):
    return reverse("sectorlog:entry_suggest", args=[entry.uuid])


@pytest.mark.parametrize(
    "private",
    [
        "Jens Hansen opened.",
        "His number is 010190-1234.",
        "Call 12 34 56 78.",
        "Write to jens@example.com.",
        "It was at Godthåbsvej.",
        "It was in Havnen 12.",
        "It was at High Street.",
        "The kiosk by the bridge was open.",
        "Kiosk Sol was open.",
        "We asked mehmet about it.",
        "It was behind the old tower.",
        "We told fatima so.",
    ],
)
def test_a_sentence_that_tells_who_or_where_is_left_out(sector, officer, private):
    Street.objects.create(name="High Street", postcode="2700", city="Brønshøj", key="high street")
    parties = [PartyFactory(sector=sector, name=name) for name in ("the kiosk by the bridge", "Kiosk Sol")]
    ContactPersonFactory(party=parties[1], name="Mehmet")
    entry = LogEntryFactory(
        sector=sector, text=f"{private} {METHOD}", parties=parties, place_text="behind the old tower"
    )
    entry.promises.create(sector=sector, what="To come back", to_whom="Fatima", due_on="2027-01-01")
    found = suggestion(entry, officer)
    assert (found.text, found.left_out) == (METHOD, 1)


def test_what_tells_nobody_goes_along_as_it_is(sector, officer):
    text = f"{METHOD}\n\nPoint 10 helps in Sector 3, at 16. Since 2019 we do it twice a month."
    found = suggestion(LogEntryFactory(sector=sector, text=text), officer)
    assert (found.text, found.left_out) == (text, 0)


def test_the_entry_leads_to_the_suggestion(client, officer, sector):
    entry = LogEntryFactory(sector=sector, text=METHOD)
    page = client.get(reverse("sectorlog:entry_detail", args=[entry.uuid]))
    assert address(entry) in page.content.decode()


def test_the_words_go_to_the_form_of_the_place_and_nothing_is_stored(client, officer, sector):
    entry = LogEntryFactory(sector=sector, text=f"Jens Hansen opened. {METHOD}")
    page = client.get(address(entry)).content.decode()
    assert METHOD in page
    assert "1 sentence was left out" in page
    assert "Jens Hansen" not in page
    answer = client.post(address(entry), {"place": "the-task-first"})
    page = answer.content.decode()
    assert answer.context["form"]["text"].value() == METHOD
    assert reverse("handbook:contribution_create", args=[sector.station.slug, "the-task-first"]) in page
    assert "1 sentence was left out" in page
    assert not Contribution.objects.exists()


def test_nothing_in_the_contribution_points_to_the_entry(client, officer, sector):
    entry = LogEntryFactory(sector=sector, text=METHOD)
    form = client.post(address(entry), {"place": "the-task-first"}).context["form"]
    where = reverse("handbook:contribution_create", args=[sector.station.slug, "the-task-first"])
    client.post(where, {name: form[name].value() or "" for name in form.fields})
    made = Contribution.objects.get()
    assert (made.text, made.sector) == (METHOD, sector)
    kept = [
        str(getattr(made, field.attname))
        for field in made._meta.concrete_fields
        if not isinstance(field, TextField)
    ]
    assert str(entry.uuid) not in kept
    assert made.form_token != entry.uuid


@pytest.mark.parametrize("place", ["", "nowhere"])
def test_a_place_that_is_not_there_is_asked_for_again(client, officer, sector, place):
    answer = client.post(address(LogEntryFactory(sector=sector)), {"place": place})
    assert answer.status_code == 422
    assert "place" in answer.context["form"].errors


def test_the_page_is_noted_as_a_reading_of_the_entry(client, officer, sector):
    entry = LogEntryFactory(sector=sector)
    client.get(address(entry))
    assert ReadEntry.objects.filter(keys__contains=[f"sectorlog.logentry:{entry.pk}"]).count() == 1


def test_nobody_suggests_from_an_entry_that_they_do_not_read(client, officer):
    assert client.get(address(LogEntryFactory())).status_code == 404


def test_without_a_handbook_the_page_says_so(client, officer, sector):
    Passage.objects.filter(station=sector.station).delete()
    page = client.get(address(LogEntryFactory(sector=sector))).content.decode()
    assert "has not begun yet" in page
