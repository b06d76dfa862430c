"""The title of the chapter that something stands in, fetched along: points are known by number and chapter."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery

from handbook.models import Revision


def chapter_titles(chapter: str = "chapter") -> dict[str, Subquery]:
    """Return the annotations `chapter_title_en` and `chapter_title_da`, of the text in force; no query of their own.

    `chapter`: the path from the rows to their chapter. `told(row, "chapter_title")` reads them.
    """
    in_force = Revision.objects.in_force().filter(chapter=OuterRef(chapter))
    return {f"chapter_{name}": Subquery(in_force.values(name)[:1]) for name in ("title_en", "title_da")}
