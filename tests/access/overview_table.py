"""The same for the overview; read with `tests.access.table`.

Heads see it of what they head. Analysts see figures without small cells. Who works in a sector sees what waits there.
What a page is about stands behind its `?`: `tests/overview/test_scope.py` asks for others' places.
"""

from __future__ import annotations

OVERVIEW = """
route                                                    GET        POST  all stations  of
station/overview/                                        D S        -     -             -
station/overview/meeting.pdf                             D S        -     -             -
station/overview/gaps/                                   D S        -     -             -
station/overview/gaps.csv                                D S        -     -             -
station/overview/day/                                    D S        -     -             -
station/overview/day.csv                                 D S        -     -             -
station/overview/attention/                              O R C D S  -     -             -
station/overview/attention.csv                           O R C D S  -     -             -
station/overview/figures/                                D S P      -     -             -
station/overview/figures.csv                             D S P      -     -             -
station/overview/chart.svg                               D S P      -     -             -
station/overview/map/                                    D S P      -     -             -
station/overview/map.csv                                 D S P      -     -             -
"""

COMPARING = """
route                                                    GET        POST  all stations  of
station/overview/what-if/                                D S        -     -             -
station/overview/what-if.csv                             D S        -     -             -
station/overview/what-if/releases/<int:pk>/              D S        -     -             sectors.boundaryrelease
station/overview/what-if/releases/<int:pk>.csv           D S        -     -             sectors.boundaryrelease
station/overview/what-if/appointment/                    D S        -     -             -
station/overview/what-if/appointment.csv                 D S        -     -             -
station/overview/what-if/planned/                        D S        -     -             -
station/overview/what-if/planned.csv                     D S        -     -             -
station/overview/back-then/                              D S        -     -             -
station/overview/back-then.csv                           D S        -     -             -
"""

ROUTES = (OVERVIEW, COMPARING)
