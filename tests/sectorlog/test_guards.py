"""What the database refuses of the log, whoever asks: settled entries, published forms, records that are kept."""

import datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sectorlog.entries.importing import importing
from sectorlog.models import (
    Addendum,
    EntryGroup,
    EntryParty,
    Erasure,
    FormVersion,
    GroupStatus,
    Hold,
    LogEntry,
    Party,
    Patrol,
    RecordKind,
    ReviewDecision,
    SourceKey,
    SourceReferral,
)
from tests.factories import (
    ChallengeFactory,
    DistrictFactory,
    FormVersionFactory,
    GroupInSectorFactory,
    HandoverFactory,
    LogEntryFactory,
    OfficerFactory,
    PartyFactory,
    PatrolFactory,
    SectorFactory,
    SourceKeyFactory,
    SourceReferralFactory,
    TargetGroupFactory,
    UserFactory,
    between,
    since,
)

pytestmark = pytest.mark.django_db

YESTERDAY = datetime.timedelta(hours=25)


def settled(**values) -> LogEntry:
    """Return an entry that was written more than 24 hours ago."""
    return LogEntryFactory(happened_at=timezone.now() - YESTERDAY, **values)


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def change(entry: LogEntry, **values) -> None:
    with transaction.atomic():
        LogEntry.objects.filter(pk=entry.pk).update(**values)


def test_a_correction_keeps_what_the_entry_said_before():
    entry = LogEntryFactory(text="Three boys.")
    change(entry, text="Four boys.")
    change(entry, text="Five boys.")
    assert [kept.was["text"] for kept in entry.revisions.order_by("pk")] == ["Three boys.", "Four boys."]


def test_what_comes_of_an_entry_is_no_correction():
    entry = settled(follow_up_on=timezone.localdate())
    change(entry, follow_up_done_at=timezone.now(), review_on=timezone.localdate())
    assert not entry.revisions.exists()


@pytest.mark.parametrize("values", [{"text": "Other."}, {"outcome": "arrest"}, {"values": {"met": "x"}}])
def test_a_settled_entry_stays_as_it_is(values):
    with refused("corrected for 24 hours"):
        change(settled(), **values)


def test_an_entry_keeps_sector_author_form_and_time_of_writing_from_the_beginning():
    entry = LogEntryFactory()
    others = {
        "sector": SectorFactory(),
        "author": UserFactory(),
        "form_version": FormVersionFactory(),
        "written_at": timezone.now() + datetime.timedelta(hours=1),
    }
    for field, value in others.items():
        with refused("keeps its sector"):
            change(entry, **{field: value})


def test_an_entry_of_tomorrow_is_refused():
    with refused("entry_lies_in_the_past"), transaction.atomic():
        LogEntryFactory(happened_at=timezone.now() + datetime.timedelta(hours=1), written_at=timezone.now())


def test_the_same_entry_twice_is_refused():
    entry = LogEntryFactory()
    with refused("uuid"), transaction.atomic():
        LogEntryFactory(uuid=entry.uuid)


def test_links_settle_with_their_entry():
    fresh, old, group = LogEntryFactory(), settled(), TargetGroupFactory()
    link = EntryGroup.objects.create(entry=fresh, group=group)
    link.delete()
    with refused("corrected for 24 hours"), transaction.atomic():
        EntryGroup.objects.create(entry=old, group=group)
    with importing():
        kept = EntryGroup.objects.create(entry=old, group=group)
    with refused("corrected for 24 hours"), transaction.atomic():
        kept.delete()
    with refused("corrected for 24 hours"), transaction.atomic():
        EntryGroup.objects.create(entry=old, group=TargetGroupFactory())


def test_links_carry_sector_and_time_of_their_entry():
    entry = LogEntryFactory()
    link = EntryGroup.objects.create(entry=entry, group=TargetGroupFactory())
    earlier = entry.happened_at - datetime.timedelta(hours=2)
    change(entry, happened_at=earlier)
    link.refresh_from_db()
    assert (link.sector_id, link.happened_at) == (entry.sector_id, earlier)


def test_a_merged_party_takes_settled_entries_along_but_no_link_changes_its_entry():
    party, survivor = PartyFactory(), PartyFactory()
    entry = settled(parties=[party])
    EntryParty.objects.filter(entry=entry).update(party=survivor)
    assert entry.parties.get() == survivor
    with refused("stays with its entry"), transaction.atomic():
        EntryParty.objects.filter(entry=entry).update(entry=LogEntryFactory())


def test_statuses_notes_and_addenda_are_added_to_only():
    author = UserFactory()
    rows = (
        GroupInSectorFactory().statuses.create(note="Calm.", author=author),
        ChallengeFactory().notes.create(text="Quieter.", author=author),
        LogEntryFactory().addenda.create(text="He called back.", author=author),
    )
    for row in rows:
        with refused("added to"), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(author=UserFactory())
        with refused("added to"), transaction.atomic():
            row.delete()
    assert GroupStatus.objects.get().note == "Calm."
    assert Addendum.objects.get().author == author


def test_a_published_form_stays_and_a_draft_may_change():
    published, draft = FormVersionFactory(), FormVersionFactory(draft=True)
    FormVersion.objects.filter(pk=draft.pk).update(fields=[{"key": "a"}])
    draft.delete()
    with refused("published form stays"), transaction.atomic():
        FormVersion.objects.filter(pk=published.pk).update(fields=[{"key": "a"}])
    with refused("published form stays"), transaction.atomic():
        published.delete()


def test_a_form_has_one_draft():
    draft = FormVersionFactory(draft=True)
    with refused("formversion_one_draft"), transaction.atomic():
        FormVersionFactory(draft=True, template=draft.template, number=2)


def test_a_record_is_kept_until_its_day_and_while_it_is_on_hold():
    party = PartyFactory()
    with refused("kept until"), transaction.atomic():
        party.delete()
    Party.objects.filter(pk=party.pk).update(review_on=timezone.localdate())
    hold = Hold.objects.create(
        kind=RecordKind.PARTY, record=party.uuid, sector=party.sector, by=UserFactory(), reason="A complaint."
    )
    with refused("on hold"), transaction.atomic():
        party.delete()
    Hold.objects.filter(pk=hold.pk).update(lifted_at=timezone.now())
    with refused("with a proof"), transaction.atomic():
        party.delete()
    prove("entry", party)
    with refused("with a proof"), transaction.atomic():
        party.delete()
    prove("party", party)
    party.delete()
    assert not Party.objects.exists()


def prove(kind: str, party: Party) -> Erasure:
    return Erasure.objects.create(
        kind=kind,
        record=party.uuid,
        sector=party.sector,
        review_on=party.review_on,
        rule=Erasure.Rule.REVIEW_PASSED,
    )


def erasing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sectorlog.erasing', 'on', true)")


def test_proofs_and_decisions_are_never_deleted():
    party = PartyFactory()
    decision = ReviewDecision.objects.create(
        kind="party", record=party.uuid, sector=party.sector, by=UserFactory()
    )
    erasing()
    for row in (prove("party", party), decision):
        with refused("added to"), transaction.atomic():
            row.delete()


def test_a_key_is_retired_once_and_never_changed():
    key = SourceKeyFactory()
    rows = SourceKey.objects.filter(pk=key.pk)
    changes = {"public_key": {"kty": "RSA"}, "thumbprint": "other", "district": DistrictFactory()}
    for field, value in changes.items():
        with refused("sourcekey_stays|retired once"), transaction.atomic():
            rows.update(**{field: value})
    with refused("retired once"), transaction.atomic():
        key.delete()
    rows.update(retired_at=timezone.now())
    for again in (None, timezone.now()):
        with refused("retired once"), transaction.atomic():
            rows.update(retired_at=again)


def test_what_the_taker_signed_for_stays_until_it_is_erased():
    handover = HandoverFactory()
    item = handover.items.create(kind="party", title="Bakery")
    type(handover).objects.filter(pk=handover.pk).update(taker_signed_at=timezone.now())
    items = type(item).objects.filter(pk=item.pk)
    for values in ({"title": "Other"}, {"accepted_at": timezone.now()}, {"handover": HandoverFactory()}):
        with refused("stays as it was"), transaction.atomic():
            items.update(**values)
    with refused("stays as it was"), transaction.atomic():
        item.delete()
    with refused("stays as it was"), transaction.atomic():
        handover.items.create(kind="party", title="One more")
    erasing()
    assert items.update(title="–") == 1


def test_a_pack_stays_as_it_was_handed_over_and_is_signed_once():
    handover = HandoverFactory(pack={"groups": []}, giver=OfficerFactory())
    rows = type(handover).objects.filter(pk=handover.pk)
    rows.update(taker_signed_at=timezone.now())
    for values in ({"pack": {}}, {"taker": OfficerFactory()}, {"taker_signed_at": None}):
        with refused("stays as it was"), transaction.atomic():
            rows.update(**values)


def test_a_referral_is_handed_over_and_erased_and_nothing_else():
    referral = SourceReferralFactory()
    rows = SourceReferral.objects.filter(pk=referral.pk)
    for values in ({"sealed": "other"}, {"sealed": ""}, {"received_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    with refused("handed over and erased"), transaction.atomic():
        referral.delete()
    rows.update(sealed="", handed_over_to="Source unit", erased_at=timezone.now())
    with refused("handed over and erased"), transaction.atomic():
        rows.update(handed_over_to="Somebody else")


def test_nobody_is_on_two_patrols_at_once():
    patrol = PatrolFactory(period=since(hours=1))
    with refused("patrol_one_at_a_time"), transaction.atomic():
        PatrolFactory(user=patrol.user, period=between(hours=(-2, -0.5)))
    assert Patrol.objects.running().get() == patrol


def test_the_guards_name_the_rule_that_was_broken():
    entry = settled()
    with pytest.raises(IntegrityError) as broken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE sectorlog_logentry SET text = 'x' WHERE id = %s", [entry.pk])
    assert broken.value.__cause__.diag.constraint_name == "entry_is_settled"
