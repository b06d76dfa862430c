"""The admin of people: officers, their appointments, who heads what, and accounts."""

from officers.admin import absences, accounts, appointments, leadership, people, roles, sectors

__all__ = ["absences", "accounts", "appointments", "leadership", "people", "roles", "sectors"]
