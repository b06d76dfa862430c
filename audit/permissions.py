"""Who may read the log (design, section 6). What an account is, the function in the setting AUDIT_RIGHTS knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from officers.models import User


@dataclass(frozen=True, slots=True)
class AuditScope:
    """Which part of the log an account may read, once it has said why."""

    # All of it: the data-protection reviewer.
    everything: bool = False
    # Else what was done with these sectors, and what these accounts did with these objects, the primary keys of each
    # kind ("officers.officer"): a station head, of a sample. What they did elsewhere is no matter of the station's.
    actors: frozenset[int] = frozenset()
    sectors: frozenset[int] = frozenset()
    objects: Mapping[str, frozenset[int]] = field(default_factory=dict)
    is_sample: bool = False
    # How the log is, without what it says: the system administrator.
    health: bool = False
    # The sectors that can be asked for, by their numbers in the database.
    sector_names: Mapping[int, str] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        return self.everything or bool(self.actors or self.sectors)


def scope_of(user: User) -> AuditScope:
    rights: Callable[[User], AuditScope | None] = import_string(settings.AUDIT_RIGHTS)
    return rights(user) or AuditScope()


def can_read_log(user: User) -> bool:
    """The data-protection reviewer all of it, a station head a sample of the own station's."""
    return scope_of(user).reads


def can_view_log_health(user: User) -> bool:
    """The system administrator and the data-protection reviewer."""
    return scope_of(user).health
