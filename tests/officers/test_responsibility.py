import datetime

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from officers.models import Assignment
from officers.responsibility import VACANT, answerable
from tests.factories import AssignmentFactory, OfficerFactory, SectorFactory, since

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def test_responsible_officer_answers_with_attached_colleagues():
    assignment = AssignmentFactory(officer__name="Rita Fictional")
    colleague = AssignmentFactory(sector=assignment.sector, attached=True)
    answer = answerable(assignment.sector_id)
    assert answer.officer.name == "Rita Fictional"
    assert answer.officer.initials == "RF"
    assert answer.since == assignment.period.lower
    assert [officer.name for officer in answer.colleagues] == [colleague.officer.name]


def test_sector_without_appointment_is_vacant():
    assert answerable(SectorFactory().pk) == VACANT


def test_attached_officer_alone_leaves_the_sector_vacant():
    assignment = AssignmentFactory(attached=True)
    answer = answerable(assignment.sector_id)
    assert answer.officer is None
    assert len(answer.colleagues) == 1


def test_successor_answers_from_the_stated_instant_without_any_write():
    change = timezone.now() + HOUR
    first = AssignmentFactory(period=DateTimeTZRange(change - 99 * HOUR, change))
    second = AssignmentFactory(sector=first.sector, period=DateTimeTZRange(change, None))
    assert answerable(first.sector_id).officer.name == first.officer.name
    with time_machine.travel(change - datetime.timedelta(seconds=1), tick=False):
        assert answerable(first.sector_id).officer.name == first.officer.name
    with time_machine.travel(change, tick=False):
        assert answerable(first.sector_id).officer.name == second.officer.name


def test_past_instant_is_answered_for_ever():
    ended = AssignmentFactory(period=DateTimeTZRange(timezone.now() - 9 * HOUR, timezone.now() - 5 * HOUR))
    AssignmentFactory(sector=ended.sector, period=since(hours=5))
    assert answerable(ended.sector_id, timezone.now() - 6 * HOUR).officer.name == ended.officer.name


def test_withdrawn_appointment_never_answers():
    coming = AssignmentFactory(period=DateTimeTZRange(timezone.now() + HOUR, None))
    Assignment.objects.filter(pk=coming.pk).update(withdrawn_at=timezone.now())
    assert answerable(coming.sector_id, timezone.now() + 2 * HOUR) == VACANT


def test_changed_telephone_is_noticed():
    assignment = AssignmentFactory()
    answerable(assignment.sector_id)
    type(assignment.officer).objects.update(phone="+45 00 00 99 99")
    assert answerable(assignment.sector_id).officer.phone == "+45 00 00 99 99"


def test_warm_answer_costs_no_query(settings, django_assert_num_queries):
    assignment = AssignmentFactory()
    settings.REGISTER_RECHECK_SECONDS = 3600
    answerable(assignment.sector_id)
    with django_assert_num_queries(0):
        assert answerable(assignment.sector_id).officer


def refused_by(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_second_responsible_officer_in_a_period_is_refused():
    first = AssignmentFactory()
    with refused_by("assignment_one_responsible_per_sector"):
        AssignmentFactory(sector=first.sector)


def test_appointments_that_touch_do_not_overlap():
    change = timezone.now() + HOUR
    first = AssignmentFactory(period=DateTimeTZRange(change - HOUR, change))
    AssignmentFactory(sector=first.sector, period=DateTimeTZRange(change, None))


def test_same_officer_twice_in_a_sector_is_refused():
    first = AssignmentFactory(attached=True)
    with refused_by("assignment_once_per_officer_and_sector"):
        AssignmentFactory(sector=first.sector, officer=first.officer)


def test_appointment_without_beginning_is_refused():
    with refused_by("assignment_has_beginning"):
        AssignmentFactory(period=DateTimeTZRange(None, timezone.now()))


def test_appointment_is_never_deleted():
    assignment = AssignmentFactory()
    with pytest.raises(IntegrityError, match="it ends"), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).delete()


@pytest.mark.parametrize(
    "change",
    [
        {"period": DateTimeTZRange(timezone.now() - 500 * HOUR, None)},
        {"role": "attached"},
        {"period": DateTimeTZRange(timezone.now() - 100 * HOUR, timezone.now() - HOUR)},
    ],
    ids=["beginning", "role", "end in the past"],
)
def test_past_of_an_appointment_is_never_rewritten(change):
    assignment = AssignmentFactory(period=DateTimeTZRange(timezone.now() - 100 * HOUR, None))
    with pytest.raises(IntegrityError, match="in the past does not change"), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(**change)


def test_officer_of_a_past_appointment_is_never_rewritten():
    assignment = AssignmentFactory()
    with pytest.raises(IntegrityError, match="in the past does not change"), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(officer=OfficerFactory())


def test_appointment_in_force_can_end_now():
    assignment = AssignmentFactory()
    Assignment.objects.update(period=DateTimeTZRange(assignment.period.lower, timezone.now()))
    assert answerable(assignment.sector_id) == VACANT


def test_raw_sql_is_noticed_too():
    assignment = AssignmentFactory()
    answerable(assignment.sector_id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE officers_officer SET name = 'Raw Fictional'")
    assert answerable(assignment.sector_id).officer.name == "Raw Fictional"


def test_appointment_that_has_begun_is_never_withdrawn():
    assignment = AssignmentFactory()
    with pytest.raises(IntegrityError, match="in the past does not change"), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(withdrawn_at=assignment.period.lower)


def test_withdrawn_appointment_does_not_come_back():
    coming = AssignmentFactory(period=DateTimeTZRange(timezone.now() + HOUR, None))
    Assignment.objects.update(withdrawn_at=timezone.now())
    with pytest.raises(IntegrityError, match="in the past does not change"), transaction.atomic():
        Assignment.objects.filter(pk=coming.pk).update(withdrawn_at=None)


@pytest.mark.parametrize("bounds", ["()", "[]"])
def test_appointment_includes_its_beginning_and_not_its_end(bounds):
    begins = timezone.now() + HOUR
    with refused_by("assignment_has_beginning"):
        AssignmentFactory(period=DateTimeTZRange(begins, begins + HOUR, bounds))
