"""What the public and the officers have between them: hours, messages, notices, events, partners, prints, surveys."""

from contacts.models.evaluations import Evaluation, SheetCount, SurveyAnswer, SurveyRound
from contacts.models.events import Event, EventPresence
from contacts.models.figures import AnswerTime, RequestCount
from contacts.models.hours import ContactHours
from contacts.models.messages import Exchange, Message, MessageEvent
from contacts.models.notices import Notice
from contacts.models.partners import PartnerContact
from contacts.models.prints import PrintRun
from contacts.models.publishing import PublishingRule

__all__ = [
    "AnswerTime",
    "ContactHours",
    "Evaluation",
    "Event",
    "EventPresence",
    "Exchange",
    "Message",
    "MessageEvent",
    "Notice",
    "PartnerContact",
    "PrintRun",
    "PublishingRule",
    "RequestCount",
    "SheetCount",
    "SurveyAnswer",
    "SurveyRound",
]
