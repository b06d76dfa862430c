"""Loads the demonstration: a station with districts, sectors, boundaries, addresses, officers and logins."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contacts.demo.loading import load_public_side
from handbook.demo.loading import load_handbook
from officers.demo.loading import load_demo
from officers.demo.organisation import LOGINS, Login
from officers.models import Assignment, User
from sectorlog.demo.loading import load_log
from sectorlog.models import LogEntry
from sectors.models import Address


class Command(BaseCommand):
    help = (
        "Load the demonstration: Bellahøj Station as the handbook has it, with invented officers, addresses, "
        "boundary lines and a sector log. What is there already stays: loading twice is the same as loading once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # The demonstration's passwords are public. They must never open a real station.
        if not settings.DEMO:
            raise CommandError(
                "The demonstration has logins with passwords that everybody knows, so it is not loaded "
                "into a real site. Use the development settings: "
                "DJANGO_SETTINGS_MODULE=config.settings.development"
            )
        station = load_demo()
        load_log(station)
        load_handbook(station)
        load_public_side(station)
        call_command("count_figures", "--all", verbosity=0)
        appointments = Assignment.objects.active_at(timezone.now()).filter(sector__station=station)
        self.stdout.write(
            f"{station}: {station.districts.count()} districts, {station.sectors.count()} sectors, "
            f"{Address.objects.filter(sector__station=station).count()} addresses, "
            f"{station.officers.count()} officers, {appointments.count()} appointments in force, "
            f"{LogEntry.objects.filter(sector__station=station).count()} log entries."
        )
        self.stdout.write("Logins (officers begin at /log/, the others at /admin/):")
        for login in LOGINS:
            self.stdout.write(f"  {login.who:<26}{login.email:<32}{_password(login)}")


def _password(login: Login) -> str:
    """Return the password, unless somebody has set another one."""
    user = User.objects.get(email__iexact=login.email)
    return login.password if user.check_password(login.password) else "(has been changed)"
