import datetime
import re

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sectorlog.entries.correction import Settled, correct, fingerprint
from sectorlog.entries.reading import earlier_wordings
from sectorlog.forms.entry_correction import CorrectionForm
from sectorlog.models import LogEntry, Outcome, Party, TargetGroup
from sectorlog.retention.erasing import erase_due
from tests.factories import (
    AssignmentFactory,
    ChallengeFactory,
    LogEntryFactory,
    PartyFactory,
    SectorFactory,
    TargetGroupFactory,
    between,
    head_of,
)
from tests.sectorlog.entry_pages import NEW, officer_of, typed

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(hours=24)


@pytest.fixture
def sector():
    return SectorFactory()


@pytest.fixture
def author(client, sector):
    user = officer_of(sector)
    client.force_login(user)
    return user


@pytest.fixture
def entry(client, author, sector):
    """An entry with something of everything, as its author sent it."""
    position = {"lat": "55.7123", "lon": "12.5123", "accuracy": "12"}
    sent = typed(
        sector,
        **position,
        parties=[PartyFactory(sector=sector, name="Kiosk").uuid],
        groups=[TargetGroupFactory(station=sector.station).pk],
        outcome=Outcome.ADVICE,
        place_text="At the corner",
        follow_up_on=timezone.localdate(),
        **{"value-met": "The owner", "value-card": "yes"},
    )
    client.post(NEW, sent)
    return LogEntry.objects.get(uuid=sent["uuid"])


def address(entry) -> str:
    return f"/log/entries/{entry.uuid}/correct/"


def shown_in(client, entry) -> dict[str, object]:
    """Return what a browser would send of the page as it opens."""
    assert client.get(address(entry)).status_code == 200
    form = CorrectionForm(entry=LogEntry.objects.get(pk=entry.pk))
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def test_what_is_saved_as_it_was_changes_nothing(client, entry):
    before = fingerprint(entry)
    assert client.post(address(entry), shown_in(client, entry)).status_code == 302
    entry = LogEntry.objects.get()
    assert fingerprint(entry) == before
    assert not entry.revisions.exists()


def test_the_author_corrects_and_what_it_said_is_kept_and_shown(client, entry, sector):
    other = PartyFactory(sector=sector, name="School")
    sent = {**shown_in(client, entry), "text": "Talked with the neighbour.", "value-met": "The neighbour"}
    client.post(address(entry), {**sent, "parties": [other.uuid], "groups": [], "outcome": ""})
    entry = LogEntry.objects.get()
    assert (entry.text, entry.values["met"], entry.outcome) == (
        "Talked with the neighbour.",
        "The neighbour",
        "",
    )
    assert (list(entry.parties.all()), list(entry.groups.all())) == ([other], [])
    (revision,) = entry.revisions.all()
    assert revision.was["text"] == "Talked with the owner."
    assert (len(revision.was["parties"]), len(revision.was["groups"])) == (1, 1)
    page = client.get(f"/log/entries/{entry.uuid}/").content.decode()
    earlier = page[page.index("Corrected once") :]
    for words in ("Talked with the owner.", "The owner", "At the corner", "advice or guidance", "Kiosk"):
        assert words in earlier


def test_a_correction_of_links_alone_keeps_what_the_entry_was_about(client, entry, sector):
    gang, school = (
        ChallengeFactory(sector=sector, title="The gang"),
        PartyFactory(sector=sector, name="School"),
    )
    client.post(address(entry), {**shown_in(client, entry), "challenges": [gang.uuid], "groups": []})
    client.post(address(entry), {**shown_in(client, entry), "parties": [school.uuid]})
    latest, first = LogEntry.objects.get().revisions.order_by("-pk")
    kiosk = Party.objects.get(name="Kiosk")
    assert first.was["text"] == latest.was["text"] == "Talked with the owner."
    assert (first.was["parties"], first.was["challenges"]) == ([str(kiosk.uuid)], [])
    assert len(first.was["groups"]) == 1
    assert (latest.was["parties"], latest.was["challenges"]) == ([str(kiosk.uuid)], [str(gang.uuid)])
    assert latest.was["groups"] == []
    page = client.get(f"/log/entries/{entry.uuid}/").content.decode()
    earlier = page[page.index("Corrected 2 times") :]
    for words in ("Kiosk", "The gang", str(TargetGroup.objects.get(pk=first.was["groups"][0]))):
        assert words in earlier


def test_what_was_erased_meanwhile_is_counted_and_not_named(client, entry):
    client.post(address(entry), {**shown_in(client, entry), "parties": []})
    Party.objects.update(review_on=timezone.localdate() - DAY)
    erase_due()
    page = client.get(f"/log/entries/{entry.uuid}/").content.decode()
    assert "Kiosk" not in page
    assert "No longer in the log" in page
    (wording,) = earlier_wordings(LogEntry.objects.get())
    assert (wording.parties, wording.gone) == ([], 1)


def test_a_settled_entry_keeps_no_wording_of_links_that_do_not_change(entry):
    with pytest.raises(IntegrityError, match="corrected for 24 hours"), transaction.atomic():
        keep_wording(LogEntryFactory(happened_at=timezone.now() - DAY - datetime.timedelta(hours=1)))
    keep_wording(entry)
    keep_wording(entry)
    assert entry.revisions.count() == 1


def keep_wording(entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sectorlog_keep_wording(entry) FROM sectorlog_logentry entry WHERE id = %s", [entry.pk]
        )


def test_the_time_changes_only_where_it_was_typed(client, entry):
    sent = shown_in(client, entry)
    client.post(address(entry), {**sent, "text": "Another word."})
    assert LogEntry.objects.get().happened_at == entry.happened_at
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    sent = {**shown_in(client, entry), "happened_on": yesterday, "happened_time": "08:15"}
    client.post(address(entry), sent)
    assert (
        timezone.localtime(LogEntry.objects.get().happened_at).strftime("%d %H:%M") == f"{yesterday:%d} 08:15"
    )


def test_a_position_is_made_coarser_or_taken_away(client, entry):
    sent = shown_in(client, entry)
    client.post(address(entry), {**sent, "place_precision": "sector"})
    entry = LogEntry.objects.get()
    assert (entry.place, entry.place_precision) == (None, None)


def test_of_two_tabs_the_second_is_told_and_keeps_what_was_typed(client, entry):
    first = {**shown_in(client, entry), "text": "From the first tab."}
    second = {**shown_in(client, entry), "text": "From the second tab."}
    assert client.post(address(entry), first).status_code == 302
    response = client.post(address(entry), second)
    page = response.content.decode()
    assert response.status_code == 409
    assert "The entry was corrected meanwhile" in page
    assert "From the first tab." in page
    assert "From the second tab.</textarea>" in page
    assert LogEntry.objects.get().text == "From the first tab."
    as_of = re.search(r'name="as_of" value="(\w+)"', page)[1]
    assert client.post(address(entry), {**second, "as_of": as_of}).status_code == 302
    assert LogEntry.objects.get().text == "From the second tab."


def test_a_correction_of_the_parties_alone_is_noticed_in_the_other_tab(client, entry):
    first, second = ({**shown_in(client, entry), "parties": []} for _ in range(2))
    assert client.post(address(entry), first).status_code == 302
    assert client.post(address(entry), second).status_code == 409


def test_after_a_day_what_was_typed_is_offered_as_an_addendum(client, entry, author):
    sent = {**shown_in(client, entry), "text": "Too late."}
    with time_machine.travel(timezone.now() + DAY + datetime.timedelta(minutes=1)):
        client.force_login(author)
        response = client.post(address(entry), sent)
        page = response.content.decode()
        assert response.status_code == 409
        assert "Write an addendum to it." in page
        assert "Too late.</textarea>" in page
        assert client.get(address(entry))["Location"] == f"/log/entries/{entry.uuid}/"
        assert "Correct this entry" not in client.get(f"/log/entries/{entry.uuid}/").content.decode()
    assert LogEntry.objects.get().text == "Talked with the owner."


def test_the_database_has_the_last_word_about_the_day(sector):
    then = timezone.now() - DAY - datetime.timedelta(minutes=1)
    entry = LogEntryFactory(sector=sector, happened_at=then)
    with pytest.raises(Settled):
        correct(entry, {"text": "Too late."}, {}, as_of=fingerprint(entry))
    assert LogEntry.objects.get().text == entry.text


def test_nobody_else_corrects_not_even_the_head(client, entry, sector):
    sent = shown_in(client, entry)
    for user in (officer_of(sector, attached=True), head_of(sector.station)):
        client.force_login(user)
        assert client.get(address(entry)).status_code == 404
        assert client.post(address(entry), sent).status_code == 404


def test_the_author_who_has_left_the_sector_does_not(client, sector):
    user = officer_of(sector, period=between(days=(-9, -1)))
    entry = LogEntryFactory(sector=sector, author=user)
    AssignmentFactory(sector=SectorFactory(district=sector.district), officer=user.officer)
    client.force_login(user)
    assert client.get(address(entry)).status_code == 404


def test_what_is_refused_is_shown_as_it_was_typed(client, entry):
    sent = {**shown_in(client, entry), "text": "x" * 30_000, "happened_on": "2199-01-01"}
    response = client.post(address(entry), sent)
    assert response.status_code == 422
    assert "x" * 30_000 in response.content.decode()
    assert "There are" not in response.content.decode()
    assert LogEntry.objects.get().text == "Talked with the owner."


def test_a_party_that_has_gone_meanwhile_stays_with_the_entry(client, entry):
    entry.parties.update(gone_at=timezone.now())
    sent = shown_in(client, entry)
    assert "Kiosk" in client.get(address(entry)).content.decode()
    client.post(address(entry), {**sent, "text": "Another word."})
    assert LogEntry.objects.get().parties.count() == 1


def test_source_handling_is_asked_about_in_corrections_too(client, entry):
    sent = {**shown_in(client, entry), "text": "A source told me."}
    response = client.post(address(entry), sent)
    assert response.status_code == 422
    assert "data-source-question" in response.content.decode()
    assert client.post(address(entry), {**sent, "source_answer": "keep"}).status_code == 302
