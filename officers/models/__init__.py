"""Who works here: accounts, officers, and the dated rows that say who is responsible for what, and when."""

from officers.models.absences import Absence, Cover
from officers.models.accounts import Invitation, User, UserManager
from officers.models.assignments import Assignment, AssignmentQuerySet, Leadership
from officers.models.people import DutyHours, Officer, PatrolForm, Portrait, ProfileDraft
from officers.models.reach import in_reach_of
from officers.models.roles import Liaison, StaffRole, Unit
from officers.models.terms import Term, TermQuerySet

__all__ = [
    "Absence",
    "Assignment",
    "AssignmentQuerySet",
    "Cover",
    "DutyHours",
    "Invitation",
    "Leadership",
    "Liaison",
    "Officer",
    "PatrolForm",
    "Portrait",
    "ProfileDraft",
    "StaffRole",
    "Term",
    "TermQuerySet",
    "Unit",
    "User",
    "UserManager",
    "in_reach_of",
]
