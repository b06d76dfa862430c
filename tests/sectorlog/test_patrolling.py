import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from notifications.models import Notification
from sectorlog import tasks
from sectorlog.models import Patrol
from sectorlog.patrols import patrolling
from tests.factories import PatrolFactory, SectorFactory, UserFactory

HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


def ago(hours: float) -> datetime.datetime:
    return timezone.now() - hours * HOUR


def running(hours: float, **fields) -> Patrol:
    """Return a patrol that began so many hours ago and runs."""
    return PatrolFactory(period=DateTimeTZRange(ago(hours), None, "[)"), **fields)


def ended(began: float, hours: float, **fields) -> Patrol:
    """Return a patrol that began so many hours ago and lasted so many."""
    begins = ago(began)
    return PatrolFactory(period=DateTimeTZRange(begins, begins + hours * HOUR, "[)"), **fields)


@pytest.mark.django_db
def test_a_patrol_runs_from_start_to_stop():
    user, sector = UserFactory(), SectorFactory()
    patrol = patrolling.start(user, sector, "bicycle")
    assert patrolling.running_of(user) == patrol
    stopped = patrolling.stop(patrol, patrol.period.lower + 2 * HOUR)
    assert stopped.period.upper - stopped.period.lower == 2 * HOUR
    assert patrolling.running_of(user) is None


@pytest.mark.django_db
def test_a_second_start_names_the_patrol_that_runs():
    patrol = running(1)
    with pytest.raises(patrolling.OnPatrolAlready) as already:
        patrolling.start(patrol.user, SectorFactory(), "foot")
    assert already.value.patrol == patrol
    assert Patrol.objects.count() == 1


@pytest.mark.django_db
def test_a_second_stop_changes_nothing():
    patrol = running(2)
    first = patrolling.stop(patrol, ago(1))
    assert patrolling.stop(patrol).period == first.period


@pytest.mark.django_db
def test_a_stop_at_the_instant_of_the_start_leaves_a_second():
    patrol = running(1)
    assert patrolling.stop(patrol, patrol.period.lower).period.upper > patrol.period.lower


@pytest.mark.django_db
def test_a_late_stop_ends_the_patrol_after_twelve_hours():
    patrol = patrolling.stop(running(13))
    assert patrol.period.upper - patrol.period.lower == 12 * HOUR
    assert patrolling.was_forgotten(patrol)


@pytest.mark.django_db
def test_forgotten_patrols_end_after_twelve_hours_and_their_officers_are_asked():
    forgotten, fresh = running(13), running(11.9)
    tasks.end_forgotten_patrols()
    forgotten.refresh_from_db()
    fresh.refresh_from_db()
    assert forgotten.period.upper == forgotten.period.lower + 12 * HOUR
    assert fresh.period.upper is None
    mail = Notification.objects.get()
    assert (mail.event, mail.recipient) == ("sectorlog.patrol_ended", forgotten.user)
    assert mail.context["path"] == f"/log/patrols/{forgotten.uuid}/"
    tasks.end_forgotten_patrols()
    assert Notification.objects.count() == 1


@pytest.mark.django_db
def test_a_forgotten_patrol_does_not_stand_in_the_way_of_the_next_one():
    forgotten = running(13)
    patrol = patrolling.start(forgotten.user, forgotten.sector, "foot")
    forgotten.refresh_from_db()
    assert forgotten.period.upper == forgotten.period.lower + 12 * HOUR
    assert patrolling.running_of(forgotten.user) == patrol


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ends_after", "sentence"),
    [
        (datetime.timedelta(), "It ended later than that"),
        (-HOUR, "It ended later than that"),
        (21 * HOUR, "lies in the future"),
        (12 * HOUR + MINUTE, "lasts 12 hours at most"),
        (11 * HOUR, "Your next patrol had begun by then"),
    ],
)
def test_an_end_that_cannot_be_is_refused_with_a_sentence(ends_after, sentence):
    patrol = ended(20, 3)
    ended(10, 1, user=patrol.user)
    with pytest.raises(ValidationError, match=sentence):
        patrolling.mend(patrol, patrol.period.lower + ends_after)
    patrol.refresh_from_db()
    assert patrol.period.upper == patrol.period.lower + 3 * HOUR


@pytest.mark.django_db
def test_the_true_end_replaces_that_of_the_forgotten():
    patrol = ended(20, 12)
    assert patrolling.was_forgotten(patrol)
    patrolling.mend(patrol, patrol.period.lower + 7 * HOUR)
    patrol.refresh_from_db()
    assert patrol.period.upper == patrol.period.lower + 7 * HOUR
    assert not patrolling.was_forgotten(patrol)


@pytest.mark.django_db
def test_an_end_is_mended_by_oneself_for_a_day():
    patrol = ended(20, 2)
    assert patrolling.may_mend(patrol.user, patrol)
    assert not patrolling.may_mend(UserFactory(), patrol)
    ends = patrol.period.upper
    assert patrolling.may_mend(patrol.user, patrol, ends + 24 * HOUR - MINUTE)
    assert not patrolling.may_mend(patrol.user, patrol, ends + 24 * HOUR)
    still = running(1)
    assert not patrolling.may_mend(still.user, still)


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_begin_one_patrol():
    user, sector = UserFactory(), SectorFactory()
    both, outcomes = threading.Barrier(2), []

    def tap() -> None:
        try:
            both.wait(10)
            patrolling.start(user, sector, "foot")
            outcomes.append("begun")
        except patrolling.OnPatrolAlready:
            outcomes.append("already")
        finally:
            connection.close()

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert sorted(outcomes) == ["already", "begun"]
    assert Patrol.objects.count() == 1
