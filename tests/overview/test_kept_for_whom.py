"""What is kept with the process is kept for who asks, in their language, and not beyond its time."""

import datetime

import pytest
import time_machine
from django.utils import timezone, translation

from officers.manning import NOON
from officers.models import Leadership
from overview.figures.catalogue import figure_of, values_of
from overview.figures.periods import period_of
from overview.gaps import GapKind
from overview.gaps.finding import find_gaps
from overview.scope import headed, scope_of
from sectors.instants import instant_of
from tests.factories import AbsenceFactory, AssignmentFactory, LeadershipFactory, SectorFactory, division_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sector():
    one = SectorFactory(name="Northquarter")
    division_of(one)
    return one


def gaps(user, day):
    user = type(user).objects.get(pk=user.pk)
    return find_gaps(scope_of(user, "", headed(user)), user, day)


@pytest.mark.usefixtures("by_day")
def test_gaps_are_told_in_the_language_of_who_asks(sector):
    head, today = LeadershipFactory(station=sector.station).user, timezone.localdate()
    assert gaps(head, today)[0].url.startswith("/admin/")
    with translation.override("da"):
        assert gaps(head, today)[0].url.startswith("/da/admin/")
    assert gaps(head, today)[0].url.startswith("/admin/")


def test_the_act_that_is_offered_follows_what_the_account_may_do_now(sector):
    # At noon, as `by_day`, but tomorrow: the database lets nothing end before its own clock.
    with time_machine.travel(instant_of(timezone.localdate() + datetime.timedelta(days=1), NOON)):
        head, today = LeadershipFactory(station=sector.station).user, timezone.localdate()
        assert gaps(head, today)[0].act == "Appoint"
        leadership = Leadership.objects.get(user=head)
        leadership.period = (leadership.period.lower, timezone.now())
        leadership.save()
        LeadershipFactory(user=head, station=sector.station, district=sector.district)
        assert gaps(head, today)[0].act == "Look at the sector, and tell the station’s head"


@pytest.mark.usefixtures("by_day")
def test_what_is_over_is_no_gap_of_today_a_quarter_of_an_hour_later(sector):
    head, now = LeadershipFactory(station=sector.station).user, timezone.now()
    officer = AssignmentFactory(sector=sector).officer
    minutes = datetime.timedelta(minutes=5)
    AbsenceFactory(officer=officer, period=(now - minutes, now + minutes))

    def kinds():
        return {gap.kind for gap in gaps(head, timezone.localdate())}

    assert GapKind.UNCOVERED in kinds()
    with time_machine.travel(now + 4 * minutes):
        assert GapKind.UNCOVERED not in kinds()


def test_figures_are_told_in_the_language_of_who_asks_and_of_the_day(sector):
    head, today = LeadershipFactory(station=sector.station).user, timezone.localdate()
    AssignmentFactory(sector=sector)
    scope, period = scope_of(head, "", headed(head)), period_of("3", today)
    english = figure_of("continuity", scope, period).name
    months = values_of("continuity", scope, period)[sector.pk].number
    with translation.override("da"):
        assert figure_of("continuity", scope, period).name != english
    with time_machine.travel(timezone.now() + datetime.timedelta(days=70)):
        assert values_of("continuity", scope, period)[sector.pk].number > months


def test_officers_at_the_end_of_a_month_that_runs_are_those_of_today(sector):
    head = LeadershipFactory(station=sector.station).user
    AssignmentFactory(sector=sector)
    with time_machine.travel(datetime.datetime(2031, 5, 10, 12, tzinfo=datetime.UTC)):
        AssignmentFactory(
            sector=sector,
            attached=True,
            period=(timezone.now() + datetime.timedelta(days=5), None),
        )
        figure = figure_of("manning", scope_of(head, "", headed(head)), period_of("3", timezone.localdate()))
        (_chart, places), (_other, months) = figure.pairs
    assert places.rows[0].cells[0].number == 1
    assert months.rows[-1].cells[0].number == 1
