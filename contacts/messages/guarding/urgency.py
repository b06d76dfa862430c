"""Words that sound as if somebody were in danger: whoever writes them is shown whom to call first.

A guess, in English and Danish, that costs one page more when it is wrong. Numbers are no such words: "112" is a
house.
"""

from __future__ import annotations

import re
import unicodedata

# Each a word with its endings, or several words in a row. Danish letters may be written ae, oe, aa.
ENGLISH = (
    r"emergenc(?:y|ies)",
    r"right now|happening now|going on now|at this (?:very )?moment",
    r"in danger|(?:please )?help me|come quickly|hurry",
    r"gun(?:s|man|men|shots?)?|pistols?|weapons?|kni(?:fe|ves)|bombs?|explosions?",
    r"shots|shooting|stabb(?:ed|ing)|bleeding|unconscious|overdosed?|not breathing",
    r"attack(?:s|ed|ing|er)?|assault(?:s|ed|ing)?|rap(?:e|ed|ist)|kidnap(?:ped|ping)?|hostages?",
    r"kill(?:s|ed|ing)?|murder(?:s|ed|ing)?|suicid(?:e|al)|dying",
    r"threat(?:s|en|ens|ened|ening)?|beat(?:s|ing)? (?:me|him|her|them|up)|being beaten",
    r"on fire|burning|smoke coming",
    r"breaking in|break-in in progress|burglars? (?:is|are)|intruders?",
)
DANISH = (
    r"nødsituation(?:en|er)?|akut|livsfar(?:e|lig|ligt)|i fare",
    r"lige nu|netop nu|i dette øjeblik|foregår nu|sker nu",
    r"hjælp (?:mig|os)|kom (?:nu|hurtigt|straks)|skynd(?:e|er)? (?:jer|dig)",
    r"kniv(?:e|en|ene)?|pistol(?:er|en)?|våben(?:et|ene)?|gevær(?:er|et)?|bombe(?:r|n)?|eksplosion(?:en|er)?",
    r"skud(?:det|dene)?|skyder(?:i|iet)?|skudt|stukket|bløder|bevidstløs(?:e)?|overdosis",
    r"trækker ikke vejret|ambulance(?:n|r)?",
    r"overfald(?:es|et|er|t)?|voldtægt(?:en|er)?|voldtaget|kidnappe(?:t|r|s)?|gids(?:el|ler)",
    r"dræb(?:e|er|es|t)?|myrd(?:e|er|es|et)|selvmord(?:et)?|er ved at dø",
    r"tru(?:er|es|et|ede)|trus(?:el|len|ler|lerne)|slagsmål(?:et|ene)?|slås|tæsk(?:er|et)?",
    r"brænder|ildebrand(?:en)?|røg ud",
    r"bryder ind|brydes ind|indbrud i gang|indbrudstyv(?:en|e|ene)?",
)
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)


# The one word of somebody who has no time for more.
_CRY = rf"(?:help|{_folded('hjælp')})\s*!"
_WORDS = "|".join(_folded(words).replace(" ", r"\s+") for words in (*ENGLISH, *DANISH))
_URGENT = re.compile(rf"(?<!\w)(?:(?:{_WORDS})(?!\w)|{_CRY})")


def sounds_urgent(text: str) -> bool:
    """Tell whether there are such words in the text, as whole words."""
    return _URGENT.search(_folded(text)) is not None
