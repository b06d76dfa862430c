"""The handbook of a station: chapters and their texts, what officers contribute, who has read what."""

from handbook.models.bilingual import LANGUAGES, Told, reading_language, told
from handbook.models.chapters import Chapter, Revision, readable_by, readable_stations
from handbook.models.contributions import Agreement, Contribution, ContributionStep, Wording
from handbook.models.passages import Passage
from handbook.models.reading import Confirmation, LastRead, ReadingRequest

__all__ = [
    "LANGUAGES",
    "Agreement",
    "Chapter",
    "Confirmation",
    "Contribution",
    "ContributionStep",
    "LastRead",
    "Passage",
    "ReadingRequest",
    "Revision",
    "Told",
    "Wording",
    "readable_by",
    "readable_stations",
    "reading_language",
    "told",
]
