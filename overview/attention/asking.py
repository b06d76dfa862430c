"""Who asks what waits, and where."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, Value
from django.utils import timezone

from contacts.messages.inbox import mine
from officers.models import User
from officers.responsibility import answerable
from overview.scope import Scope
from sectors.models import District, Sector, Station


@dataclass(frozen=True)
class Asked:
    """An account, the sectors that it asks about, and whether it wants its own matters alone.

    One's own are the messages that one takes care of, as the inbox has it, and what waits in the sectors that one is
    responsible for, or answers for now in somebody's place.
    """

    user: User
    scope: Scope
    is_mine: bool = False
    now: datetime.datetime = field(default_factory=timezone.now)

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    def within(self, path: str = "sector__") -> Q:
        """Return the condition of rows by their sector, drawn away since or not; `path` is the way to it.

        By districts, which are few: the rows' `visible_to` leaves what the account works in or heads there.
        """
        if isinstance(self.scope.place, Sector):
            here = Q(**{f"{path}pk": self.scope.place.pk})
        else:
            here = Q(**{f"{path}district__in": {sector.district_id for sector in self.scope.sectors}})
        return here & Q(**{f"{path}pk__in": self.own}) if self.is_mine else here

    def within_in_force(self) -> Func:
        """Return the condition of rows by their sector, in force: what has groups and parties to meet.

        The scope holds no sector but those that the account works in or heads: rows so chosen need no `visible_to`.
        As one array: hundreds of parameters take longer to write down than the rows to be found.
        """
        sectors = (sector.pk for sector in self.scope.sectors)
        keys = [key for key in sectors if not self.is_mine or key in self.own]
        among = Value(keys, ArrayField(BigIntegerField()))
        return Func(
            F("sector"), among, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
        )

    @cached_property
    def messages(self) -> Q:
        """The condition of messages."""
        if not self.is_mine:
            return self.within()
        return replace(self, is_mine=False).within() & mine(self.user)

    @cached_property
    def districts(self) -> Q:
        """The condition of rows by their district; of a sector alone, none."""
        place = self.scope.place
        if isinstance(place, Sector):
            return Q(district__in=())
        if isinstance(place, District):
            return Q(district=place)
        return Q(district__station=place) if isinstance(place, Station) else Q()

    @cached_property
    def own(self) -> frozenset[int]:
        """The sectors that the account is responsible for, or answers for now."""
        standing, officer = self.user.standing, getattr(self.user, "officer", None)
        answering = (key for key in standing.sectors if officer and answerable(key).officer_id == officer.pk)
        return standing.responsible.union(answering)
