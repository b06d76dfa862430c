"""The same for the handbook; read with `tests.access.table`.

Readers are whoever works in the station in any role, a unit's contact in its sectors, and reviewers of all stations;
who only administers the system is none. `chapter` and the like name the objects of `tests.access.world`.
"""

from __future__ import annotations

READING = """
route  GET  POST  all stations  of
handbook/  O R C D S H P G V  -  V  -
handbook/at/<slug:anchor>/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/search/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/at/<slug:anchor>/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/read/  -  O R C D S H P G V  V  chapter
handbook/<slug:station>/chapters/<slug:chapter>/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/chapters/<slug:chapter>/read/  -  O R C D S H P G V  V  chapter
handbook/<slug:station>/chapters/<slug:chapter>/history/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/chapters/<slug:chapter>/history/<int:number>/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/chapters/<slug:chapter>/history/<int:number>/difference/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/booklet/  O R C D S H P G V  -  V  chapter
handbook/<slug:station>/booklet.pdf  O R C D S H P G V  -  V  chapter
"""

# A fixed chapter's text is proposed by an editor and decided on by the station's head; both read it before.
EDITING = """
route                                                             GET  POST  all stations  of
handbook/<slug:station>/begin/                                    -    H     -             chapter
handbook/<slug:station>/editing/                                  H S  -     -             chapter
handbook/<slug:station>/chapters/                                 H    H     -             chapter
handbook/<slug:station>/chapters/<slug:chapter>/draft/            H    H     -             chapter with draft
handbook/<slug:station>/chapters/<slug:chapter>/draft/look/       H S  -     -             chapter proposed
handbook/<slug:station>/chapters/<slug:chapter>/draft/publish/    -    H     -             chapter with draft
handbook/<slug:station>/chapters/<slug:chapter>/draft/decide/     -    S     -             chapter proposed
handbook/<slug:station>/chapters/<slug:chapter>/draft/discard/    -    H     -             chapter with draft
handbook/<slug:station>/chapters/<slug:chapter>/move/             -    H     -             chapter
handbook/<slug:station>/chapters/<slug:chapter>/leave-out/        -    H     -             chapter
handbook/<slug:station>/chapters/<slug:chapter>/take-in/          -    H     -             chapter
"""

# A contribution that is not decided is its author's and the editors'; nobody of this test is its author.
CONTRIBUTING = """
route                                          GET        POST       all stations  of
handbook/<slug:station>/contribute/<slug:anchor>/  O R C D S  O R C D S  -             chapter
handbook/<slug:station>/contributions/mine/    O R C D S  -          -             chapter
handbook/<slug:station>/contributions/         H V        -          V             chapter
handbook/contributions/<uuid:uuid>/            H V        -          V             handbook.contribution
handbook/contributions/<uuid:uuid>/answer/     -          -          -             handbook.contribution
handbook/contributions/<uuid:uuid>/withdraw/   -          -          -             handbook.contribution
handbook/contributions/<uuid:uuid>/agree/      -          O R C D S  -             contribution inserted
handbook/contributions/<uuid:uuid>/take-up/    -          H          -             handbook.contribution
handbook/contributions/<uuid:uuid>/ask/        -          H          -             handbook.contribution
handbook/contributions/<uuid:uuid>/insert/     H          H          -             handbook.contribution
handbook/contributions/<uuid:uuid>/reword/     H          H          -             contribution inserted
handbook/contributions/<uuid:uuid>/decline/    -          H          -             handbook.contribution
handbook/contributions/<uuid:uuid>/take-out/   -          H          -             contribution inserted
"""

CONFIRMING = """
route                                          GET        POST       all stations  of
handbook/<slug:station>/confirming/            H D S      -          -             chapter
handbook/<slug:station>/at/<slug:anchor>/ask/  -          H          -             chapter
handbook/requests/<uuid:uuid>/                 H D S      -          -             handbook.readingrequest
handbook/requests/<uuid:uuid>/confirm/         -          O R C D S  -             handbook.readingrequest
handbook/requests/<uuid:uuid>/end/             -          H          -             handbook.readingrequest
"""

ROUTES = (READING, EDITING, CONTRIBUTING, CONFIRMING)
