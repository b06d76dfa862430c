"""The admin of people: officers, their appointments, who heads what, and accounts."""

from officers.admin import accounts, appointments, people, sectors

__all__ = ["accounts", "appointments", "people", "sectors"]
