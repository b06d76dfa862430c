"""Who reads the log: oneself of oneself, the reviewer all of it, a head a sample of the own station's."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.context import acting_as
from audit.export import cell
from audit.models import Change, ReadEntry
from audit.views import PAGE_SIZE
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    SectorFactory,
    StaffRoleFactory,
    UserFactory,
    administrator,
    head_of,
)

from .conftest import run

pytestmark = pytest.mark.django_db

READ = (
    "INSERT INTO audit_readentry (at, actor_id, actor, verb, subject, keys, sectors)"
    " VALUES (%s, %s, %s, 'shown', %s, %s, %s)"
)


def read(actor=1, name="somebody@police.example", subject="officers.officer", key="12", sectors=(), **ago):
    at = timezone.now() - datetime.timedelta(**ago)
    run(READ, [at, actor, name, subject, [f"{subject}:{key}"], list(sectors)])
    return ReadEntry.objects.order_by("-id").first()


@pytest.fixture
def reviewer(client):
    account = StaffRoleFactory(reviewer=True).user
    client.force_login(account)
    return account


@pytest.fixture
def with_reason(client, reviewer):
    client.post(reverse("audit:reason_give"), {"reason": "case 2026-17"})
    return reviewer


def shown_to(client, **question):
    answer = client.get(reverse("audit:log_list"), question)
    assert answer.status_code == 200
    return [entry.pk for entry in answer.context["entries"]]


def test_log_asks_for_a_reason_first(client, reviewer):
    answer = client.get(reverse("audit:log_list"))
    assert (answer.status_code, answer.url) == (302, reverse("audit:reason_give"))
    assert "at least 5 characters" in client.post(answer.url, {"reason": "why"}).content.decode()
    assert client.post(answer.url, {"reason": "case 2026-17"}).url == reverse("audit:log_list")
    assert "case 2026-17" in client.get(reverse("audit:log_list")).content.decode()


def test_reading_the_log_is_logged_with_reason_and_question(client, with_reason):
    entry = read()
    shown_to(client, person="somebody@police.example")
    own = ReadEntry.objects.get(actor_id=with_reason.pk)
    assert (own.verb, own.subject, own.keys) == ("listed", "audit.readentry", [f"audit.readentry:{entry.pk}"])
    assert own.purpose.startswith("case 2026-17 [")
    assert "person=somebody@police.example" in own.purpose


def test_reviewer_finds_by_person_object_sector_and_period(client, with_reason):
    sector = SectorFactory()
    account = UserFactory(email="her@police.example")
    entry = read(account.pk, "earlier.address@police.example", key="77", sectors=[sector.pk], days=3)
    read(2, "other@police.example", key="78", days=40)
    day = timezone.localdate(entry.at).isoformat()
    assert shown_to(client, person="Her@police.example") == [entry.pk]
    assert shown_to(client, subject="officers.officer", key="77") == [entry.pk]
    assert shown_to(client, sector=sector.pk) == [entry.pk]
    assert shown_to(client, since=day, until=day) == [entry.pk]
    assert shown_to(client, subject="officers.officer", key="78") == []
    assert len(shown_to(client, since="2020-01-01", person="other@police.example")) == 1


def test_reviewer_finds_changes_by_object(client, with_reason, notes):
    run(f"UPDATE {notes} SET text = 'three' WHERE text = 'one'")
    answer = client.get(reverse("audit:log_list"), {"log": "changes"})
    assert {entry.operation for entry in answer.context["entries"]} >= {"I", "U"}
    assert "three" in answer.content.decode()
    assert "xyzzy" not in answer.content.decode()


def test_pages_follow_each_other_without_gap_or_repetition(client, with_reason):
    made = [read(key=str(number), minutes=number // 3).pk for number in range(PAGE_SIZE + 7)]
    first = client.get(reverse("audit:log_list"), {"subject": "officers.officer"})
    second = client.get(f"{reverse('audit:log_list')}?{first.context['next_query']}")
    found = [entry.pk for answer in (first, second) for entry in answer.context["entries"]]
    assert sorted(found) == sorted(made)
    assert len(first.context["entries"]) == PAGE_SIZE
    assert second.context["next_query"] == ""


@pytest.mark.parametrize("after", ["x", "1-", "nan-1", "1e99-1", "-"])
def test_place_that_no_link_says_is_refused(client, with_reason, after):
    assert client.get(reverse("audit:log_list"), {"after": after}).status_code == 400


def test_place_far_beyond_every_number_is_just_empty(client, with_reason):
    assert shown_to(client, after=f"0-{10**30}") == []


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"since": "2026-05-02", "until": "2026-05-01"}, "The last day lies before the first one."),
        ({"key": "12"}, "Say what kind of object"),
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"sector": "999999"}, "Select a valid choice."),
        ({"since": "9999-12-31", "until": "9999-12-31"}, "Choose a day"),
    ],
)
def test_question_that_cannot_be_answered_is_explained(client, with_reason, question, sentence):
    answer = client.get(reverse("audit:log_list"), question)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()


def test_head_sees_a_sample_of_the_own_station_alone(client):
    own, foreign = AssignmentFactory().sector, SectorFactory()
    officer = OfficerFactory(station=own.station, user=UserFactory())
    for number in range(60):
        read(officer.user.pk, "own@police.example", key=officer.pk)
        read(999, "passer.by@police.example", key=f"b{number}", sectors=[own.pk])
        read(998, "foreign@police.example", key=f"c{number}", sectors=[foreign.pk])
    client.force_login(head_of(own.station))
    client.post(reverse("audit:reason_give"), {"reason": "sample of May"})
    answer = client.get(reverse("audit:log_list"))
    names = {entry.actor for entry in answer.context["entries"]}
    assert names <= {"own@police.example", "passer.by@police.example"}
    assert 3 <= len(answer.context["entries"]) <= 9
    assert "sample" in answer.content.decode()
    assert foreign.name not in answer.content.decode()


def test_head_learns_nothing_of_what_the_stations_people_did_elsewhere(client, monkeypatch):
    """Who is an officer here may be appointed at another station as well, or have another role."""
    monkeypatch.setattr("audit.models.SAMPLE_OF", 1)
    own, foreign = AssignmentFactory().sector, AssignmentFactory()
    officer = OfficerFactory(station=own.station, user=UserFactory())
    told = [read(officer.user.pk, key=officer.pk), read(officer.user.pk, sectors=[own.pk])]
    read(officer.user.pk, key=foreign.officer.pk)
    read(officer.user.pk, subject="sectors.station", key=foreign.sector.station_id)
    read(officer.user.pk, subject="sectors.sector", sectors=[foreign.sector.pk])
    read(officer.user.pk, subject="", key="")
    with acting_as(officer.user.email, actor_id=officer.user.pk):
        foreign.officer.phone = "+45 00 00 99 98"
        foreign.officer.save()
        officer.phone = "+45 00 00 99 97"
        officer.save()
    client.force_login(head_of(own.station))
    client.post(reverse("audit:reason_give"), {"reason": "sample of May"})
    assert sorted(shown_to(client)) == sorted(entry.pk for entry in told)
    changes = client.get(reverse("audit:log_list"), {"log": "changes"}).content.decode()
    assert "99 97" in changes
    assert "99 98" not in changes


@pytest.mark.parametrize("page", ["log_list", "reason_give", "log_export", "health_show"])
def test_log_does_not_exist_for_others(client, page):
    client.force_login(OfficerFactory(user=UserFactory()).user)
    assert client.get(reverse(f"audit:{page}")).status_code == 404


def test_administrator_sees_how_the_log_is_and_not_what_it_says(client):
    read(name="somebody@police.example")
    client.force_login(administrator())
    assert client.get(reverse("audit:log_list")).status_code == 404
    page = client.get(reverse("audit:health_show")).content.decode()
    assert "Last seal" in page
    assert "somebody@police.example" not in page


@pytest.mark.parametrize(
    ("account", "links"),
    [
        (lambda: StaffRoleFactory(reviewer=True).user, {"log_list", "health_show"}),
        (administrator, {"health_show"}),
        (UserFactory, set()),
    ],
)
def test_own_log_leads_to_what_else_one_may_see(client, account, links):
    client.force_login(account())
    page = client.get(reverse("audit:own_log")).content.decode()
    assert {
        name for name in ("log_list", "health_show") if f'href="{reverse(f"audit:{name}")}"' in page
    } == links


def test_everybody_reads_what_is_logged_of_them_and_nothing_else(client):
    officer = OfficerFactory(user=UserFactory())
    own, _other = read(officer.user.pk), read(officer.user.pk + 1, "other@police.example")
    client.force_login(officer.user)
    answer = client.get(reverse("audit:own_log"))
    assert [entry.pk for entry in answer.context["entries"]] == [own.pk]
    assert "other@police.example" not in answer.content.decode()
    assert client.get(reverse("audit:own_log"), {"log": "changes"}).status_code == 200


def test_own_log_tells_that_one_changed_something_and_not_what_it_held(client, notes):
    """Whoever changed it may have no right to see it any more."""
    account = UserFactory()
    with acting_as(account.email, actor_id=account.pk):
        run(f"UPDATE {notes} SET text = 'of a sector that was once mine'")
    client.force_login(account)
    answer = client.get(reverse("audit:own_log"), {"log": "changes"})
    assert len(answer.context["entries"]) == 2
    assert "once mine" not in answer.content.decode()


def test_export_holds_what_was_asked_for_and_is_logged(client, with_reason):
    read(key="2", days=100)
    exported = read(name="=cmd|' /C calc'!A0", key="1", days=1)
    answer = client.get(reverse("audit:log_export"), {"subject": "officers.officer"})
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [line["keys"] for line in lines] == ["officers.officer:1"]
    assert lines[0]["actor"] == "'=cmd|' /C calc'!A0"
    asked, sent = ReadEntry.objects.filter(actor_id=with_reason.pk).order_by("id")
    assert (asked.verb, asked.subject, asked.keys) == ("exported", "audit.readentry", [])
    assert (sent.verb, sent.keys) == ("exported", [f"audit.readentry:{exported.pk}"])
    assert "subject=officers.officer" in asked.purpose == sent.purpose


def test_export_of_changes_holds_what_was_and_what_became(client, with_reason, notes):
    answer = client.get(reverse("audit:log_export"), {"log": "changes"})
    text = b"".join(answer.streaming_content).decode()
    assert '""text"": ""one""' in text
    assert Change.objects.exists()


def test_export_without_a_reason_leads_to_the_question_for_it(client, reviewer):
    read()
    answer = client.get(reverse("audit:log_export"))
    assert answer.status_code == 302
    assert not ReadEntry.objects.filter(verb="exported").exists()


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    assert cell(text).startswith(f"'{text[0]}")


@pytest.mark.parametrize(
    "text",
    [
        "Kiosk;=1+1",
        "Kiosk; =1+1",
        "Kiosk\t=1+1",
        "a;b;@SUM(1)",
        'Kiosk;"=1+1;x',
        "Kiosk\n=1+1",
        "Kiosk\r\n;=1",
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_is_a_formula_however_lists_are_parted(text, separator):
    file = io.StringIO(newline="")
    csv.writer(file).writerow([cell(text), cell(text)])
    file.seek(0)
    cells = [one for line in csv.reader(file, delimiter=separator) for one in line]
    assert cells
    assert all(one.strip()[:1] not in tuple("=+-@") for one in cells)
