import datetime
import threading
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from officers.models import Assignment
from officers.responsibility import answerable
from tests.factories import (
    AssignmentFactory,
    LeadershipFactory,
    OfficerFactory,
    SectorFactory,
    StationFactory,
    division_of,
    since,
)
from tests.officers.minutes import in_days

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
RESPONSIBLE, ATTACHED = Assignment.Role.RESPONSIBLE, Assignment.Role.ATTACHED
ADD = "admin:officers_assignment_add"


@pytest.fixture
def sector(db):
    return SectorFactory(name="Emdrup")


@pytest.fixture
def officer(sector):
    return OfficerFactory(station=sector.station, name="Alma Eksempel")


@pytest.fixture
def as_head(client, sector):
    client.force_login(LeadershipFactory(station=sector.station).user)
    return client


def typed(instant: datetime.datetime) -> str:
    """What a browser's datetime field sends."""
    return timezone.localtime(instant).strftime("%Y-%m-%dT%H:%M")


def add(client, sector, officer, role=RESPONSIBLE, **fields):
    data = {"sector": sector.pk, "officer": officer.pk, "role": role, **fields}
    return client.post(reverse(ADD), data)


def change(client, assignment, **fields):
    return client.post(page(assignment), fields)


def page(assignment, name: str = "change") -> str:
    return reverse(f"admin:officers_assignment_{name}", args=[assignment.pk])


def errors_of(answer) -> str:
    assert answer.status_code == 200, "the form was expected to come back"
    return str(answer.context["adminform"].form.errors)


def planned(sector, **kwargs):
    return AssignmentFactory(
        sector=sector, period=DateTimeTZRange(in_days(10), kwargs.pop("until", None)), **kwargs
    )


# --- Appointing --------------------------------------------------------------------------------


def test_without_dates_it_begins_at_once_and_lasts_until_further_notice(as_head, sector, officer):
    assert answerable(sector.pk).officer is None
    assert add(as_head, sector, officer).status_code == 302
    made = Assignment.objects.get()
    assert timezone.now() - made.period.lower < datetime.timedelta(seconds=5)
    assert made.period.upper is None
    assert answerable(sector.pk).officer.name == "Alma Eksempel"


def test_dates_are_on_the_clock_of_copenhagen(as_head, sector, officer):
    add(as_head, sector, officer, begins="2026-01-15T08:00", ends="2030-07-15T08:00")
    period = Assignment.objects.get().period
    assert period.lower == datetime.datetime(2026, 1, 15, 7, tzinfo=datetime.UTC)
    assert period.upper == datetime.datetime(2030, 7, 15, 6, tzinfo=datetime.UTC)
    assert (period.lower_inc, period.upper_inc) == (True, False)


def test_public_answer_changes_at_the_instant_stated_and_not_before(as_head, sector, officer, time_machine):
    begins = in_days(2)
    add(as_head, sector, officer, begins=typed(begins), ends=typed(begins + datetime.timedelta(days=1)))
    assert answerable(sector.pk).officer is None
    time_machine.move_to(begins - datetime.timedelta(milliseconds=1), tick=False)
    assert answerable(sector.pk).officer is None
    time_machine.move_to(begins, tick=False)
    assert answerable(sector.pk).officer.name == "Alma Eksempel"
    time_machine.move_to(begins + datetime.timedelta(days=1), tick=False)
    assert answerable(sector.pk).officer is None


def test_public_page_changes_at_the_instant_stated(as_head, client, sector, officer, time_machine):
    division_of(sector)
    begins = in_days(2)
    add(as_head, sector, officer, begins=typed(begins))
    time_machine.move_to(begins - datetime.timedelta(seconds=1), tick=False)
    assert "Alma Eksempel" not in client.get(sector.get_absolute_url()).content.decode()
    time_machine.move_to(begins, tick=False)
    assert "Alma Eksempel" in client.get(sector.get_absolute_url()).content.decode()


def test_link_from_a_vacant_sector_has_it_chosen(as_head, sector):
    form = as_head.get(reverse(ADD), {"sector": sector.pk}).context["adminform"].form
    assert (int(form["sector"].value()), form["role"].value()) == (sector.pk, RESPONSIBLE)


def test_appointment_is_in_the_history(as_head, sector, officer):
    add(as_head, sector, officer)
    assert LogEntry.objects.get().object_id == str(Assignment.objects.get().pk)


# --- What is refused ---------------------------------------------------------------------------


def test_a_second_responsible_officer_is_refused_by_name_and_what_was_typed_stays(as_head, sector, officer):
    other = AssignmentFactory(sector=sector, officer__name="Bjarke Opdigt")
    begins = typed(in_days(3))
    answer = add(as_head, sector, officer, begins=begins)
    assert "Bjarke Opdigt is the responsible officer" in errors_of(answer)
    assert "until further notice" in errors_of(answer)
    assert page(other) in errors_of(answer)
    form = answer.context["adminform"].form
    assert (form["begins"].value(), form["officer"].value()) == (begins, str(officer.pk))
    assert Assignment.objects.get() == other


def test_a_planned_responsible_officer_is_in_the_way_too(as_head, sector, officer):
    planned(sector, officer__name="Thyra Tænkeboks")
    assert "Thyra Tænkeboks will be the responsible officer" in errors_of(add(as_head, sector, officer))
    assert add(as_head, sector, officer, ends=typed(in_days(10))).status_code == 302


def test_the_same_officer_twice_in_a_sector_is_refused(as_head, sector, officer):
    AssignmentFactory(sector=sector, officer=officer, attached=True)
    answer = add(as_head, sector, officer, role=ATTACHED)
    assert "Alma Eksempel is appointed to" in errors_of(answer)


def test_names_with_markup_are_shown_as_text(as_head, sector, officer):
    AssignmentFactory(sector=sector, officer__name="<b>{0}%s</b>")
    content = add(as_head, sector, officer).content.decode()
    assert "&lt;b&gt;{0}%s&lt;/b&gt; is the responsible officer" in content


def test_an_ended_or_withdrawn_appointment_is_not_in_the_way(as_head, sector, officer):
    AssignmentFactory(sector=sector, period=DateTimeTZRange(in_days(-9), in_days(-1)))
    planned(sector, withdrawn_at=timezone.now())
    assert add(as_head, sector, officer).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"begins": "2030-01-02T10:00", "ends": "2030-01-02T10:00"}, "ends before it begins"),
        ({"begins": "2030-01-02T10:00", "ends": "2029-01-02T10:00"}, "ends before it begins"),
        ({"begins": "2020-01-02T10:00", "ends": "2021-01-02T10:00"}, "This end has passed"),
        ({"begins": "1989-12-31T23:59"}, "before 1990"),
        ({"begins": "0001-01-01T00:00"}, "before 1990"),
        ({"begins": "2226-01-02T10:00"}, "more than five years ahead"),
        ({"begins": "9999-12-31T23:59"}, "more than five years ahead"),
        ({"ends": "9999-12-31T23:59"}, "more than fifty years ahead"),
        ({"begins": "soon"}, "Give a date and a time"),
        ({"begins": "2030-02-30T10:00"}, "Give a date and a time"),
        ({"begins": "275760-09-13T00:00"}, "Give a date and a time"),
        ({"begins": "2" * 10_000}, "Give a date and a time"),
        ({"begins": "2030-01-02\x00T10:00"}, "Give a date and a time"),
        ({"begins": "2027-03-28T02:30"}, "02:30 does not exist. Choose 03:00 or later"),
        ({"begins": "2027-10-31T02:30"}, "02:30 comes twice"),
        ({"ends": "2027-10-31T02:00"}, "02:00 comes twice"),
        ({"role": "chief"}, "Select a valid choice"),
        ({"officer": "1; DROP TABLE"}, "Select a valid choice"),
        ({"sector": "99999999999999999999"}, "Select a valid choice"),
    ],
)
def test_bad_input_gets_a_sentence_and_appoints_nobody(as_head, sector, officer, fields, sentence):
    data = {"sector": sector.pk, "officer": officer.pk, "role": RESPONSIBLE, **fields}
    assert sentence in errors_of(as_head.post(reverse(ADD), data))
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("wall", ["2027-03-28T03:00", "2027-10-31T01:59", "2027-10-31T03:00"])
def test_hours_beside_a_change_of_clocks_are_taken(as_head, sector, officer, wall):
    assert add(as_head, sector, officer, begins=wall).status_code == 302
    begins = Assignment.objects.get().period.lower
    assert begins == datetime.datetime.fromisoformat(wall).replace(tzinfo=COPENHAGEN)


def test_an_officer_of_another_station_is_refused_for_the_head_of_both(client, sector):
    stranger = OfficerFactory(station=StationFactory())
    user = LeadershipFactory(station=sector.station).user
    LeadershipFactory(station=stranger.station, user=user)
    client.force_login(user)
    assert "belongs to another station" in errors_of(add(client, sector, stranger))


# --- Taking over -------------------------------------------------------------------------------


def test_taking_over_ends_the_predecessor_at_the_instant_it_begins(as_head, sector, officer):
    before = AssignmentFactory(sector=sector)
    begins = in_days(5)
    assert add(as_head, sector, officer, begins=typed(begins), takes_over="on").status_code == 302
    before.refresh_from_db()
    after = Assignment.objects.get(officer=officer)
    assert before.period.upper == after.period.lower == begins
    assert LogEntry.objects.filter(object_id=str(before.pk)).count() == 1


def test_taking_over_at_once_works_without_a_date(as_head, sector, officer):
    before = AssignmentFactory(sector=sector)
    assert add(as_head, sector, officer, takes_over="on").status_code == 302
    before.refresh_from_db()
    assert before.period.upper == Assignment.objects.get(officer=officer).period.lower
    assert answerable(sector.pk).officer.name == "Alma Eksempel"


def test_an_attached_officer_can_take_over_the_sector(as_head, sector, officer):
    attached = AssignmentFactory(sector=sector, officer=officer, attached=True)
    AssignmentFactory(sector=sector)
    assert add(as_head, sector, officer, takes_over="on").status_code == 302
    attached.refresh_from_db()
    assert attached.period.upper is not None
    assert [term.name for term in answerable(sector.pk).colleagues] == []


def test_taking_over_in_the_past_is_refused(as_head, sector, officer):
    AssignmentFactory(sector=sector)
    assert "is the responsible officer" in errors_of(
        add(as_head, sector, officer, begins=typed(in_days(-2)), takes_over="on")
    )


def test_taking_over_does_not_push_a_planned_successor_aside(as_head, sector, officer):
    AssignmentFactory(sector=sector, period=DateTimeTZRange(in_days(-9), in_days(10)))
    planned(sector)
    answer = add(as_head, sector, officer, begins=typed(in_days(5)), takes_over="on")
    assert "will be the responsible officer" in errors_of(answer)


# --- Once begun --------------------------------------------------------------------------------


def test_of_an_appointment_that_has_begun_only_the_end_changes(as_head, sector, officer):
    begun = AssignmentFactory(sector=sector, attached=True)
    was = (begun.officer_id, begun.role, begun.period.lower)
    ends = in_days(4)
    change(as_head, begun, officer=officer.pk, role=RESPONSIBLE, begins="2020-01-01T00:00", ends=typed(ends))
    begun.refresh_from_db()
    assert (begun.officer_id, begun.role, begun.period.lower) == was
    assert begun.period.upper == ends


def test_an_end_in_the_past_is_refused_for_what_has_begun(as_head, sector):
    begun = AssignmentFactory(sector=sector)
    assert "This end has passed" in errors_of(change(as_head, begun, ends=typed(in_days(-1))))


def test_what_is_over_stays_as_it_was(as_head, sector):
    over = AssignmentFactory(sector=sector, period=DateTimeTZRange(in_days(-9), in_days(-1)))
    answer = change(as_head, over, ends=typed(in_days(3)))
    assert "This appointment is over" in errors_of(answer)
    assert 'name="_save"' not in as_head.get(page(over)).content.decode()


def test_an_unchanged_form_changes_nothing_not_even_the_seconds(as_head, sector):
    begins = in_days(2) + datetime.timedelta(seconds=17, microseconds=5)
    exact = DateTimeTZRange(begins, begins + datetime.timedelta(days=1))
    assignment = AssignmentFactory(sector=sector, period=exact)
    form = as_head.get(page(assignment)).context["adminform"].form
    data = {name: form[name].value() for name in ("sector", "officer", "role")}
    data |= {name: form[name].value().strftime("%Y-%m-%dT%H:%M") for name in ("begins", "ends")}
    assert change(as_head, assignment, **data).status_code == 302
    assignment.refresh_from_db()
    assert (assignment.period.lower, assignment.period.upper) == (exact.lower, exact.upper)


def test_a_planned_appointment_can_be_moved(as_head, sector):
    later = planned(sector)
    data = {"sector": sector.pk, "officer": later.officer_id, "role": RESPONSIBLE}
    change(as_head, later, **data, begins=typed(in_days(20)))
    later.refresh_from_db()
    assert later.period.lower == in_days(20)


def test_end_now_asks_first_and_then_ends(as_head, sector):
    begun = AssignmentFactory(sector=sector)
    assert "End this appointment now?" in as_head.get(page(begun, "end")).content.decode()
    assert answerable(sector.pk).officer is not None
    as_head.post(page(begun, "end"))
    begun.refresh_from_db()
    assert timezone.now() - begun.period.upper < datetime.timedelta(seconds=5)
    assert answerable(sector.pk).officer is None


def test_withdrawing_keeps_the_row_and_frees_the_time(as_head, sector, officer):
    later = planned(sector)
    as_head.post(page(later, "withdraw"))
    later.refresh_from_db()
    assert later.withdrawn_at is not None
    assert add(as_head, sector, officer).status_code == 302
    assert "withdrawn" in as_head.get(page(later)).content.decode()


@pytest.mark.parametrize("name", ["end", "withdraw"])
def test_an_act_that_comes_too_late_says_so_and_changes_nothing(as_head, sector, name):
    periods = {"end": DateTimeTZRange(in_days(-9), in_days(-1)), "withdraw": since(days=1)}
    assignment = AssignmentFactory(sector=sector, period=periods[name])
    answer = as_head.post(page(assignment, name), follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assignment.refresh_from_db()
    assert (assignment.period, assignment.withdrawn_at) == (periods[name], None)


def test_deleting_is_impossible_for_the_head_too(as_head, sector):
    assignment = AssignmentFactory(sector=sector)
    assert as_head.post(page(assignment, "delete"), {"post": "yes"}).status_code == 404
    assert Assignment.objects.exists()


# --- The list ----------------------------------------------------------------------------------


def test_list_filters_by_state(as_head, sector):
    of = {
        "now": AssignmentFactory(sector=sector, officer__name="Present"),
        "planned": planned(sector, officer__name="Future", role=ATTACHED),
        "past": AssignmentFactory(
            sector=sector, officer__name="Former", period=DateTimeTZRange(in_days(-900), in_days(-800))
        ),
        "withdrawn": planned(sector, officer__name="Withdrawn", withdrawn_at=timezone.now()),
    }
    listing = reverse("admin:officers_assignment_changelist")
    for state, assignment in of.items():
        answer = as_head.get(listing, {"state": state})
        assert list(answer.context["cl"].queryset) == [assignment]


def test_list_takes_the_same_queries_for_few_and_many(as_head, sector, django_assert_max_num_queries):
    for _ in range(20):
        AssignmentFactory(sector=SectorFactory(district=sector.district), attached=True)
    with django_assert_max_num_queries(20):
        as_head.get(reverse("admin:officers_assignment_changelist"))


# --- At the same instant -----------------------------------------------------------------------


@pytest.fixture
def committed(transactional_db):
    """A sector, an officer and two heads' browsers, visible to other connections."""
    sector = SectorFactory()
    user = LeadershipFactory(station=sector.station).user
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    return sector, clients


def test_of_two_heads_who_save_at_once_one_is_told_who_was_first(committed):
    sector, clients = committed
    officers = [OfficerFactory(station=sector.station) for _ in clients]
    start, answers = threading.Barrier(2), {}

    def post(place: int) -> None:
        try:
            start.wait(10)
            answers[place] = add(clients[place], sector, officers[place])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answer.status_code for answer in answers.values()) == [200, 302]
    loser = next(answer for answer in answers.values() if answer.status_code == 200)
    winner = Assignment.objects.get()
    assert f"{winner.officer} is the responsible officer" in errors_of(loser)


def test_an_appointment_made_past_the_form_meanwhile_gets_the_same_sentence(committed):
    """A shell or an import takes no lock: the database's constraint refuses, and the form is asked again."""
    sector, (client, _) = committed
    officer, other = (OfficerFactory(station=sector.station) for _ in range(2))
    answers = []

    def post() -> None:
        try:
            answers.append(add(client, sector, officer))
        finally:
            connections.close_all()

    head = threading.Thread(target=post)
    with transaction.atomic():
        Assignment.objects.create(sector=sector, officer=other, role=RESPONSIBLE, period=since(days=1))
        head.start()
        _wait_until_somebody_waits()
    head.join(30)
    assert f"{other} is the responsible officer" in errors_of(answers[0])
    assert Assignment.objects.get().officer == other


def _wait_until_somebody_waits() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
                "WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.05)
    pytest.fail("nobody came to wait for the lock")
