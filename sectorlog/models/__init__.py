"""The sector log: target groups, forms, entries, parties, challenges, efforts, patrols, and what is made of them."""

from sectorlog.models.briefings import Briefing
from sectorlog.models.challenges import Challenge, ProgressNote
from sectorlog.models.efforts import Effort, EffortTask
from sectorlog.models.entries import (
    Addendum,
    Attachment,
    EntryChallenge,
    EntryGroup,
    EntryParty,
    EntryRevision,
    LogEntry,
    LogEntryQuerySet,
    Outcome,
    Promise,
)
from sectorlog.models.form_templates import FormTemplate, FormVersion, in_language
from sectorlog.models.groups import GroupInSector, GroupStatus, TargetGroup
from sectorlog.models.handovers import Handover, HandoverItem
from sectorlog.models.last_contacts import GroupContact, PartyContact
from sectorlog.models.parties import ContactPerson, Party, PartyQuerySet
from sectorlog.models.patrols import Patrol
from sectorlog.models.public_side import MessageFollowUp, ToldPublic
from sectorlog.models.retention import Erasure, Hold, RecordKind, ReviewDecision
from sectorlog.models.source_referrals import SourceKey, SourceReferral, SourceWord

__all__ = [
    "Addendum",
    "Attachment",
    "Briefing",
    "Challenge",
    "ContactPerson",
    "Effort",
    "EffortTask",
    "EntryChallenge",
    "EntryGroup",
    "EntryParty",
    "EntryRevision",
    "Erasure",
    "FormTemplate",
    "FormVersion",
    "GroupContact",
    "GroupInSector",
    "GroupStatus",
    "Handover",
    "HandoverItem",
    "Hold",
    "LogEntry",
    "LogEntryQuerySet",
    "MessageFollowUp",
    "Outcome",
    "Party",
    "PartyContact",
    "PartyQuerySet",
    "Patrol",
    "ProgressNote",
    "Promise",
    "RecordKind",
    "ReviewDecision",
    "SourceKey",
    "SourceReferral",
    "SourceWord",
    "TargetGroup",
    "ToldPublic",
    "in_language",
]
