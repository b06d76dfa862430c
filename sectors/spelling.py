"""Plain ASCII forms of Nordic and English names, for slugs and for forgiving comparison."""

from django.utils.text import slugify

_SLUG_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ß": "ss", "ð": "d", "þ": "th"}
)


def slug_of(name: str) -> str:
    """Return a URL slug in which Nordic letters keep their customary two-letter forms (Nørrebro → noerrebro)."""
    return slugify(name.lower().translate(_SLUG_LETTERS))
