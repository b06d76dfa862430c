import datetime
import threading

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from sectorlog.entries.writing import link, write
from sectorlog.models import EntryParty, Party, TargetGroup
from sectorlog.parties.last_contact import last_contact_of, with_last_contact
from sectorlog.parties.merging import MergeRefused, merge
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    ContactPersonFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    UserFactory,
)
from tests.sectorlog.entry_pages import NEW, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def as_officer(client, sector):
    officer = AssignmentFactory(sector=sector, officer__user=UserFactory()).officer
    client.force_login(officer.user)
    return client


@pytest.fixture
def pair(sector):
    """A bakery that was entered twice, with something on either."""
    place = Point(12.48, 55.69, srid=4326)
    stays = PartyFactory(sector=sector, name="Bager Jensen", note="Opens at six.")
    goes = PartyFactory(
        sector=sector, name="Jensens Bageri", address="Street 1", place=place, interval_days=30
    )
    return stays, goes


@pytest.fixture
def site_parties(transactional_db):
    sector = SectorFactory()
    return PartyFactory(sector=sector, name="One"), PartyFactory(sector=sector, name="Two")


def url(party, **query) -> str:
    return reverse("sectorlog:party_merge", args=[party.uuid], query=query or None)


def written(*parties, days_ago):
    return LogEntryFactory(
        sector=parties[0].sector,
        parties=parties,
        happened_at=timezone.now() - datetime.timedelta(days=days_ago),
    )


def test_all_that_hangs_on_one_goes_over_to_the_other(pair):
    stays, goes = pair
    ContactPersonFactory(party=goes, name="Ulla")
    challenge = ChallengeFactory(sector=goes.sector)
    challenge.parties.add(goes)
    goes.groups.add(TargetGroup.objects.get(slug="trade"))
    entry = written(goes, days_ago=90)
    merge(stays, goes, {"address": "goes", "interval_days": "goes"})
    stays.refresh_from_db()
    assert (stays.name, stays.note) == ("Bager Jensen", "Opens at six.")
    assert (stays.address, stays.interval_days, stays.place.coords) == ("Street 1", 30, (12.48, 55.69))
    assert [contact.name for contact in stays.contacts.all()] == ["Ulla"]
    assert list(challenge.parties.all()) == [stays]
    assert [group.slug for group in stays.groups.all()] == ["trade"]
    assert list(entry.parties.all()) == [stays]
    goes.refresh_from_db()
    assert goes.merged_into == stays
    assert list(Party.objects.current()) == [stays]


def test_an_entry_that_names_both_names_the_one_that_stays_once(pair):
    stays, goes = pair
    entry = written(stays, goes, days_ago=90)
    merge(stays, goes, {})
    assert EntryParty.objects.filter(entry=entry, party=stays).count() == 1


def test_the_last_contact_of_both_counts(pair):
    stays, goes = pair
    written(stays, days_ago=50)
    newest = written(goes, days_ago=20)
    merge(stays, goes, {})
    (party,) = with_last_contact(Party.objects.current())
    assert last_contact_of(party) == newest.happened_at


def test_what_was_merged_before_leads_on(pair):
    stays, goes = pair
    first = PartyFactory(sector=stays.sector)
    merge(goes, first, {})
    merge(stays, goes, {})
    first.refresh_from_db()
    assert first.merged_into == stays


def test_both_notes_are_kept(pair):
    stays, goes = pair
    Party.objects.filter(pk=goes.pk).update(note="x" * 4000)
    merge(stays, goes, {"note": "both"})
    stays.refresh_from_db()
    assert stays.note.startswith("Opens at six.\n\nxxx")
    assert len(stays.note) == 4000


def test_who_is_there_in_one_of_the_two_has_not_gone(pair):
    stays, goes = pair
    Party.objects.filter(pk=stays.pk).update(gone_at=timezone.now())
    merge(stays, goes, {})
    stays.refresh_from_db()
    assert stays.gone_at is None


def test_a_party_is_merged_once(pair):
    stays, goes = pair
    third = PartyFactory(sector=stays.sector)
    merge(stays, goes, {})
    for one, other in ((third, goes), (goes, third)):
        with pytest.raises(MergeRefused):
            merge(one, other, {})


def test_a_party_is_not_merged_with_itself_nor_with_one_of_another_sector(pair):
    stays, _goes = pair
    for other in (stays, PartyFactory()):
        with pytest.raises(MergeRefused):
            merge(stays, other, {})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_at_once_one_is_told(site_parties):
    """Each makes the other's party the one that goes: without locks both would point at each other."""
    one, two = site_parties
    start, results = threading.Barrier(2), []

    def run(stays, goes):
        try:
            start.wait(timeout=10)
            merge(stays, goes, {})
            results.append("merged")
        except MergeRefused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in ((one, two), (two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(results) == ["merged", "refused"]
    assert Party.objects.filter(merged_into=None).count() == 1


def test_an_entry_from_an_old_page_counts_for_the_party_that_stays(as_officer, pair, sector):
    stays, goes = pair
    first = PartyFactory(sector=sector, name="Bageriet")
    merge(goes, first, {})
    merge(stays, goes, {})
    sent = typed(sector, parties=[first.uuid, goes.uuid, stays.uuid])
    assert as_officer.post(NEW, sent).status_code == 302
    assert EntryParty.objects.get().party == stays
    assert last_contact_of(with_last_contact(Party.objects).get(pk=stays.pk))


def test_an_entry_is_linked_along_a_chain_of_merges(pair, sector):
    stays, goes = pair
    first = PartyFactory(sector=sector, merged_into=PartyFactory(sector=sector, merged_into=goes))
    merge(stays, goes, {})
    link(LogEntryFactory(sector=sector, parties=[stays]), parties=[first, goes])
    assert EntryParty.objects.get().party == stays


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_written_while_its_party_is_merged_names_the_one_that_stays(site_parties):
    stays, goes = site_parties
    entry = LogEntryFactory.build(sector=stays.sector, author=UserFactory())
    merged = threading.Event()

    def run():
        try:
            merged.wait(timeout=10)
            write(entry, parties=[goes])
        finally:
            connection.close()

    writer = threading.Thread(target=run)
    writer.start()
    with transaction.atomic():
        merge(stays, goes, {})
        merged.set()
        # The writer waits for the merge's locks.
        writer.join(timeout=0.5)
        assert writer.is_alive()
    writer.join(timeout=10)
    assert EntryParty.objects.get().party == stays


# The pages


def test_the_likely_double_is_offered_first_and_others_are_found(as_officer, pair):
    stays, goes = pair
    far = PartyFactory(sector=stays.sector, name="Cykler og mere")
    page = as_officer.get(url(stays)).content.decode()
    assert f"?with={goes.uuid}" in page
    assert f"?with={far.uuid}" not in page
    assert f"?with={far.uuid}" in as_officer.get(url(stays, q="cykler")).content.decode()


def seen_of(page) -> str:
    return page.context["form"].current


def test_field_by_field_is_asked_and_done(as_officer, pair):
    stays, goes = pair
    page = as_officer.get(url(stays, **{"with": str(goes.uuid)}))
    assert set(page.context["form"].fields) == {"stays", "seen", "name", "address", "interval_days", "note"}
    answers = {
        "with": str(goes.uuid),
        "seen": seen_of(page),
        "stays": "own",
        "name": "other",
        "address": "other",
        "interval_days": "other",
        "note": "own",
    }
    response = as_officer.post(url(stays), answers)
    assert response["Location"] == reverse("sectorlog:party_detail", args=[stays.uuid])
    stays.refresh_from_db()
    assert (stays.name, stays.address, stays.note) == ("Jensens Bageri", "Street 1", "Opens at six.")
    merged = as_officer.get(reverse("sectorlog:party_detail", args=[goes.uuid]))
    assert (merged.status_code, merged["Location"]) == (302, response["Location"])
    assert as_officer.get(url(goes))["Location"] == response["Location"]


def test_the_other_one_may_stay(as_officer, pair):
    own, other = pair
    page = as_officer.get(url(own, **{"with": str(other.uuid)}))
    answers = {name: "own" for name in page.context["form"].fields if name not in ("seen", "stays")}
    as_officer.post(url(own), answers | {"with": str(other.uuid), "seen": seen_of(page), "stays": "other"})
    other.refresh_from_db()
    own.refresh_from_db()
    assert own.merged_into == other
    # What is kept was chosen of the one whose page it was.
    assert other.name == "Bager Jensen"


def test_what_changed_meanwhile_is_shown_first(as_officer, pair):
    stays, goes = pair
    page = as_officer.get(url(stays, **{"with": str(goes.uuid)}))
    Party.objects.filter(pk=goes.pk).update(name="Closed")
    response = as_officer.post(url(stays), {"with": str(goes.uuid), "seen": seen_of(page), "stays": "own"})
    assert response.status_code == 409
    assert "Closed" in response.content.decode()
    assert Party.objects.filter(merged_into=None).count() == 2


@pytest.mark.parametrize("other", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_another_one_that_is_not_there_is_asked_for_again(as_officer, pair, other):
    stays, _goes = pair
    assert as_officer.post(url(stays), {"with": other}).status_code == 422
    assert as_officer.get(url(stays, **{"with": other})).status_code == 200


def test_answers_that_are_none_change_nothing(as_officer, pair):
    stays, goes = pair
    page = as_officer.get(url(stays, **{"with": str(goes.uuid)}))
    answers = {"with": str(goes.uuid), "seen": seen_of(page), "stays": "both", "name": "mine"}
    assert as_officer.post(url(stays), answers).status_code == 422
    assert Party.objects.filter(merged_into=None).count() == 2


def test_a_party_of_another_sector_is_not_offered_to_be_merged(as_officer, pair):
    foreign = PartyFactory(name="Bager Jensen")
    response = as_officer.get(url(pair[0], **{"with": str(foreign.uuid)}))
    assert response.context["likely"] == [pair[1]]
    assert as_officer.post(url(pair[0]), {"with": str(foreign.uuid), "stays": "own"}).status_code == 422
