"""Rows that say whether anything which the public pages show has changed."""

from django.db import models


class RegisterVersion(models.Model):
    """A counter that triggers raise in the same transaction as any change of what the public can see.

    One row a subject: the division into sectors, the appointments, and what officers tell the public. A web
    process keeps its own copy of that data (`sectors.snapshot`) and compares these numbers once a second. The
    triggers live in the migrations of the apps whose tables they watch, so bulk changes and raw SQL are noticed too.
    """

    class Subject(models.TextChoices):
        DIVISION = "division"
        APPOINTMENTS = "appointments"
        CONTACTS = "contacts"

    subject = models.CharField(max_length=20, primary_key=True, choices=Subject)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"

    @classmethod
    def current(cls) -> dict[str, int]:
        """Return the versions that the database holds now; a subject that never changed is not among them."""
        return dict(cls.objects.values_list("subject", "number"))
