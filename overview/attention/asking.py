"""Who asks what waits, and where."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
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

    @cached_property
    def keys(self) -> list[int]:
        """Primary keys of the sectors in force that are asked about."""
        keys = [sector.pk for sector in self.scope.sectors]
        return [key for key in keys if key in self.own] if self.is_mine else keys

    @cached_property
    def sectors(self) -> Q:
        """The condition of rows by their sector, in force: what has groups, parties and a log to keep."""
        return Q(sector__in=self.keys)

    @cached_property
    def open_matters(self) -> Q:
        """The condition of rows by their sector, or by one that was drawn away since: nothing is over by that."""
        if isinstance(self.scope.place, Sector):
            return self.sectors
        districts = {sector.district_id for sector in self.scope.sectors}
        gone = ~Q(sector__in=Sector.objects.in_force_at(self.now).order_by().values("pk"))
        drawn_away = Q(sector__district__in=districts) & gone
        if self.is_mine:
            drawn_away &= Q(sector__in=self.own)
        return self.sectors | drawn_away

    @cached_property
    def messages(self) -> Q:
        """The condition of messages."""
        if not self.is_mine:
            return self.open_matters
        return Asked(self.user, self.scope, now=self.now).open_matters & mine(self.user)

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
