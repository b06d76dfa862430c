"""The admin of people: officers, their appointments, who heads what, and accounts."""

from officers.admin import accounts, appointments, leadership, people, roles, sectors

__all__ = ["accounts", "appointments", "leadership", "people", "roles", "sectors"]
