import datetime
import threading
import time

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from sectorlog.entries.reading import answers_of
from sectorlog.models import (
    Addendum,
    Attachment,
    Challenge,
    ContactPerson,
    EntryParty,
    Erasure,
    Handover,
    Hold,
    LogEntry,
    Party,
    ProgressNote,
    Promise,
)
from sectorlog.retention import reviewing
from sectorlog.retention.erasing import erase_due
from sectorlog.retention.reviewing import kind_of
from sectorlog.tasks import erase_what_is_past_review
from sectorlog.visits.marking import tried_in_vain
from tests.factories import (
    ChallengeFactory,
    ContactPersonFactory,
    HandoverFactory,
    LogEntryFactory,
    PartyFactory,
    PromiseFactory,
    SectorFactory,
    StaffRoleFactory,
    TargetGroupFactory,
    UserFactory,
    head_of_district,
)
from tests.sectorlog.test_source_canary import tables_with

pytestmark = pytest.mark.django_db

CANARY = "kanariefugl8c2d"
DAY = datetime.timedelta(days=1)


def past(days: int = 1) -> datetime.date:
    return timezone.localdate() - days * DAY


@pytest.fixture
def sector():
    return SectorFactory()


def held(row, *, sector, by=None):
    return Hold.objects.create(
        kind=kind_of(row), record=row.uuid, sector=sector, reason="A complaint", by=by or UserFactory()
    )


def exists(row) -> bool:
    return type(row).objects.filter(pk=row.pk).exists()


def settled(entry) -> None:
    """Let the entry have been written days ago."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sectorlog_logentry DISABLE TRIGGER entry_is_settled")
        cursor.execute(
            "UPDATE sectorlog_logentry SET written_at = written_at - interval '9 days', "
            "happened_at = happened_at - interval '9 days' WHERE id = %s",
            [entry.pk],
        )
        cursor.execute("ALTER TABLE sectorlog_logentry ENABLE TRIGGER entry_is_settled")


@pytest.fixture
def entry(sector):
    """An entry with everything that can hang on one, each with the canary in it."""
    user = UserFactory()
    found = LogEntryFactory(
        sector=sector,
        author=user,
        text=CANARY,
        review_on=past(),
        groups=[TargetGroupFactory(station=sector.station)],
        parties=[PartyFactory(sector=sector)],
        challenges=[ChallengeFactory(sector=sector)],
    )
    LogEntry.objects.filter(pk=found.pk).update(
        text=f"{CANARY} corrected", values={"a": CANARY}, place_text=CANARY
    )
    Addendum.objects.create(entry=found, text=CANARY, author=user)
    PromiseFactory(entry=found, what=CANARY, told_back_at=timezone.now(), told_back=CANARY)
    Attachment.objects.create(
        entry=found,
        file=ContentFile(CANARY.encode(), name="file.pdf"),
        filename=f"{CANARY}.pdf",
        content_type="application/pdf",
        size=12,
        uploaded_by=user,
    )
    settled(found)
    return found


def test_an_entry_past_its_day_goes_with_all_that_hangs_on_it(
    entry, sector, django_capture_on_commit_callbacks
):
    attachment = Attachment.objects.get()
    assert attachment.file.storage.exists(attachment.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        erase_what_is_past_review()
    assert not LogEntry.objects.exists()
    assert not Addendum.objects.exists()
    assert not Promise.objects.exists()
    assert not attachment.file.storage.exists(attachment.file.name)
    assert tables_with(CANARY) == []
    proof = Erasure.objects.get()
    assert (proof.kind, proof.record, proof.sector) == ("entry", entry.uuid, sector)
    assert (proof.rule, proof.by, proof.review_on) == ("review", None, past())
    # The entry, its earlier wording, three links, addendum, promise, file.
    assert proof.parts == 8


def test_the_canary_is_found_before(entry):
    found = tables_with(CANARY)
    assert {"public.sectorlog_logentry.text", "public.sectorlog_entryrevision.was"} <= set(found)
    assert not [place for place in found if "audit" in place]


def test_what_is_due_today_or_later_stays(sector):
    kept = [LogEntryFactory(sector=sector, review_on=past(days)) for days in (0, -1, -30)]
    assert erase_due().erased == 0
    assert all(exists(entry) for entry in kept)


def test_each_kind_goes(sector):
    rows = [
        ChallengeFactory(sector=sector, title=CANARY, description=CANARY, review_on=past()),
        PartyFactory(sector=sector, name=CANARY, note=CANARY, review_on=past()),
        ContactPersonFactory(party__sector=sector, name=CANARY, review_on=past()),
        HandoverFactory(sector=sector, pack={"text": CANARY}, review_on=past()),
    ]
    rows[0].notes.create(text=CANARY, author=UserFactory())
    rows[3].items.create(kind="party", title=CANARY)
    assert erase_due().erased == 4
    assert not any(exists(row) for row in rows)
    assert not ProgressNote.objects.exists()
    assert not Handover.objects.exists()
    assert tables_with(CANARY) == []
    assert Erasure.objects.count() == 4


def test_on_hold_nothing_goes_until_it_is_lifted(entry, sector):
    hold = held(entry, sector=sector)
    assert erase_due().erased == 0
    assert exists(entry)
    hold.lifted_at, hold.lifted_by = timezone.now(), hold.by
    hold.save()
    assert erase_due().erased == 1


def test_what_a_held_entry_names_stays_with_it(entry, sector):
    held(entry, sector=sector)
    Party.objects.update(review_on=past())
    Challenge.objects.update(review_on=past())
    assert erase_due().erased == 0
    assert Party.objects.count() == Challenge.objects.count() == 1


def test_what_a_held_entry_names_keeps_its_contact_persons(entry, sector):
    held(entry, sector=sector)
    person = ContactPersonFactory(party=Party.objects.get(), review_on=past())
    assert erase_due().erased == 0
    assert exists(person)


def test_a_hold_on_a_party_holds_its_contact_persons_and_entries(entry, sector):
    party = Party.objects.get()
    person = ContactPersonFactory(party=party, review_on=past())
    held(party, sector=sector)
    assert erase_due().erased == 0
    assert exists(entry)
    assert exists(person)


def test_an_entry_stays_until_what_was_promised_is_told_back(client, entry, sector):
    Promise.objects.update(told_back_at=None, told_back="")
    assert erase_due().erased == 0
    client.force_login(head_of_district(sector.district))
    assert "has not been told back" in client.get("/log/retention/").content.decode()
    Promise.objects.update(told_back_at=timezone.now())
    assert erase_due().erased == 1


def test_after_a_party_is_gone_the_texts_of_others_remain(sector):
    party = PartyFactory(sector=sector, review_on=past())
    entry = LogEntryFactory(sector=sector, text="They were friendly", parties=[party])
    settled(entry)
    challenge = ChallengeFactory(sector=sector)
    challenge.parties.add(party)
    assert erase_due().erased == 1
    entry.refresh_from_db()
    assert entry.text == "They were friendly"
    assert not EntryParty.objects.exists()
    assert not challenge.parties.exists()


def test_the_name_of_an_erased_party_goes_out_of_answers_and_search(sector):
    party = PartyFactory(sector=sector, name=CANARY, review_on=past())
    named = {"uuid": str(party.uuid), "name": CANARY}
    entry = LogEntryFactory(sector=sector, text="First", values={"who": named, "nobody_met": str(party.uuid)})
    LogEntry.objects.filter(pk=entry.pk).update(text="Second")
    settled(entry)
    assert erase_due().erased == 1
    entry.refresh_from_db()
    assert entry.values == {"who": named | {"name": "–"}, "nobody_met": ""}
    assert tables_with(CANARY) == []


def test_answers_name_the_party_that_stays_when_two_are_merged(sector):
    stays = PartyFactory(sector=sector, name="Bakery")
    double = PartyFactory(sector=sector, name="Backery", merged_into=stays)
    entry = LogEntryFactory(sector=sector, values={"nobody_met": str(double.uuid)})
    assert ("Nobody there", "Bakery") in answers_of(entry)
    assert list(tried_in_vain([stays], [sector])) == [stays.uuid]


def test_a_challenge_goes_though_entries_with_open_follow_ups_name_it(sector):
    challenge = ChallengeFactory(sector=sector, review_on=past())
    entry = LogEntryFactory(sector=sector, challenges=[challenge], follow_up_on=past(-9))
    settled(entry)
    assert erase_due().erased == 1
    assert exists(entry)


def test_contact_persons_go_with_their_party_each_with_a_proof(sector):
    party = PartyFactory(sector=sector, review_on=past())
    person = ContactPersonFactory(party=party)
    assert erase_due().erased == 2
    assert not ContactPerson.objects.exists()
    assert set(Erasure.objects.values_list("kind", "record")) == {
        ("party", party.uuid),
        ("contact", person.uuid),
    }


@pytest.mark.parametrize("how", ["extended", "held"])
def test_a_party_waits_for_a_contact_person_that_was_kept_for_longer(sector, how):
    party = PartyFactory(sector=sector, review_on=past())
    other = PartyFactory(sector=sector, review_on=past())
    kept, person = ContactPersonFactory.create_batch(2, party=party)
    head = head_of_district(sector.district)
    found = reviewing.named(head, [f"contact:{kept.uuid}"])
    if how == "extended":
        reviewing.extend(found, past(-100), "A case", by=head)
    else:
        reviewing.hold(found, "A case", by=head)
    night = erase_due()
    assert (night.erased, night.kept) == (1, 1)
    assert [exists(row) for row in (party, kept, person, other)] == [True, True, True, False]
    assert Erasure.objects.get().record == other.uuid


def test_doubles_that_were_merged_into_a_party_go_with_it(sector):
    party = PartyFactory(sector=sector, review_on=past())
    double = PartyFactory(sector=sector, merged_into=party)
    PartyFactory(sector=sector, merged_into=double)
    assert erase_due().erased == 3
    assert not Party.objects.exists()


def test_one_that_cannot_go_does_not_stop_the_others(sector):
    rows = LogEntryFactory.create_batch(5, sector=sector, review_on=past())
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'restrict_violation'; END $$;
        """)
        cursor.execute(
            f"CREATE TRIGGER stays BEFORE DELETE ON sectorlog_logentry FOR EACH ROW "
            f"WHEN (OLD.id = {rows[2].pk}) EXECUTE FUNCTION stays()"
        )
    night = erase_due()
    assert (night.erased, night.kept) == (4, 1)
    assert [exists(row) for row in rows] == [False, False, True, False, False]
    assert not Erasure.objects.filter(record=rows[2].uuid).exists()


def is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE NOT granted AND datname = current_database())"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_who_writes_of_the_same_parties_meanwhile_goes_first():
    sector = SectorFactory()
    one, two = PartyFactory.create_batch(2, sector=sector)
    old = [LogEntryFactory(sector=sector, parties=[party], review_on=past()) for party in (one, two)]
    nights = []

    def erase():
        try:
            nights.append(erase_due())
        finally:
            connection.close()

    eraser = threading.Thread(target=erase)
    with transaction.atomic():
        LogEntryFactory(sector=sector, parties=[two])
        eraser.start()
        ends = time.monotonic() + 20
        while not is_waited_for() and time.monotonic() < ends:
            time.sleep(0.02)
        # Longer than the database lets somebody wait before it looks whether two wait for each other.
        time.sleep(1.2)
        LogEntryFactory(sector=sector, parties=[one])
    eraser.join(timeout=30)
    assert nights[0].erased + erase_due().erased == 2
    assert not any(exists(row) for row in old)
    assert LogEntry.objects.count() == 2


def test_the_proof_says_who_found_it_no_longer_needed(sector):
    entry = LogEntryFactory(sector=sector)
    head = head_of_district(sector.district)
    reviewing.let_go(reviewing.named(head, [f"entry:{entry.uuid}"]), by=head)
    assert erase_due().erased == 0
    assert erase_due(past(-1)).erased == 1
    proof = Erasure.objects.get()
    assert (proof.rule, proof.by) == ("decision", head)


def test_extended_again_in_time_it_stays(sector):
    entry = LogEntryFactory(sector=sector)
    head = head_of_district(sector.district)
    reviewing.let_go(reviewing.named(head, [f"entry:{entry.uuid}"]), by=head)
    reviewing.extend(reviewing.named(head, [f"entry:{entry.uuid}"]), past(-9), "A case", by=head)
    assert erase_due(past(-1)).erased == 0
    assert exists(entry)


def test_the_number_of_queries_does_not_grow_with_the_records(sector, django_assert_max_num_queries):
    LogEntryFactory.create_batch(40, sector=sector, review_on=past())
    with django_assert_max_num_queries(45):
        assert erase_due().erased == 40


def test_thousands_of_due_records_go_in_bounded_time(sector):
    first = LogEntryFactory(sector=sector)
    LogEntry.objects.bulk_create(
        LogEntry(
            sector=sector,
            author=first.author,
            form_version=first.form_version,
            happened_at=timezone.now(),
            text="text",
            review_on=past(),
        )
        for _number in range(2_000)
    )
    begun = time.perf_counter()
    assert erase_due().erased == 2_000
    assert time.perf_counter() - begun < 30


# The list of proofs


def test_heads_see_the_proofs_of_their_sectors_and_the_reviewer_all(client, sector):
    own, foreign = LogEntryFactory(sector=sector, review_on=past()), LogEntryFactory(review_on=past())
    erase_due()
    client.force_login(head_of_district(sector.district))
    page = client.get("/log/retention/erasures/").content.decode()
    assert str(own.uuid) in page
    assert str(foreign.uuid) not in page
    client.force_login(StaffRoleFactory(reviewer=True).user)
    page = client.get("/log/retention/erasures/", {"kind": "entry"}).content.decode()
    assert str(own.uuid) in page
    assert str(foreign.uuid) in page
    assert str(own.uuid) not in client.get("/log/retention/erasures/", {"kind": "party"}).content.decode()
