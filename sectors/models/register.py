"""One row that says whether anything which the public pages show has changed."""

from django.db import models


class RegisterVersion(models.Model):
    """A counter that triggers raise in the same transaction as any change of what the public can see.

    A web process keeps its own copy of that data (`sectors.snapshot`) and compares this number once a second.
    The triggers live in the migrations of the apps whose tables they watch, so bulk and raw SQL are noticed too.
    """

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="register_version_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """Return the version that the database holds now; 0 before the first change."""
        return cls.objects.values_list("number", flat=True).first() or 0
