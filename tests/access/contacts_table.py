"""The same for what officers and the public have between them; read with `tests.access.table`.

A citizen's message: a district's head reads those that are overdue, and that is what the message of this test is.
"""

from __future__ import annotations

INBOX = """
route                      GET        POST       all stations  of
inbox/                     O R C D S  -          -             -
inbox/figures/             D S P      -          -             -
inbox/<uuid:uuid>/         O R C D S  -          -             contacts.message
inbox/<uuid:uuid>/reason/  O R C D S  O R C D S  -             contacts.message
inbox/<uuid:uuid>/read/    O R C      O R C      -             contacts.message
inbox/<uuid:uuid>/reply/   O R C S    O R C S    -             contacts.message
inbox/<uuid:uuid>/call/    O R C S    O R C S    -             contacts.message
inbox/<uuid:uuid>/note/    O R C S    O R C S    -             contacts.message
inbox/<uuid:uuid>/assign/  R S        R S        -             contacts.message
inbox/<uuid:uuid>/move/    R S        R S        -             contacts.message
inbox/<uuid:uuid>/close/   O R C S    O R C S    -             contacts.message
inbox/<uuid:uuid>/reopen/  O R C S    O R C S    -             contacts.message
"""

# Hours, notices, events and presence; who is assigned to an event answers, and nobody of this test is.
TELLING = """
route                                            GET            POST       all stations  of
station/sectors/<slug:slug>/public/              O R C D S      -          -             sectors.sector
station/sectors/<slug:slug>/public/notices/      O R C D S      -          -             sectors.sector
station/sectors/<slug:slug>/public/events/       O R C D S      -          -             sectors.sector
station/sectors/<slug:slug>/public/hours/new/    O R C D S      O R C D S  -             sectors.sector
station/hours/<uuid:uuid>/                       O R C D S      -          -             contacts.contacthours
station/hours/<uuid:uuid>/change/                O R C D S      O R C D S  -             contacts.contacthours
station/hours/<uuid:uuid>/cancel/                -              O R C D S  -             contacts.contacthours
station/hours/<uuid:uuid>/end/                   -              O R C D S  -             contacts.contacthours
station/sectors/<slug:slug>/public/notices/new/  O R C D S      O R C D S  -             sectors.sector
station/publishing/<slug:slug>/notices/new/      S              S          -             sectors.station
station/notices/<uuid:uuid>/                     O R C D S      -          -             contacts.notice
station/notices/<uuid:uuid>/change/              O R C D S      O R C D S  -             contacts.notice
station/notices/<uuid:uuid>/hand-in/             -              O R C D S  -             contacts.notice
station/notices/<uuid:uuid>/decide/              -              D S        -             contacts.notice
station/notices/<uuid:uuid>/take-back/           -              O R C D S  -             contacts.notice
station/notices/<uuid:uuid>/anew/                -              O R C D S  -             contacts.notice
station/notices/<uuid:uuid>/discard/             -              O R C D S  -             contacts.notice
station/sectors/<slug:slug>/public/events/new/   O R C D S      O R C D S  -             sectors.sector
station/publishing/<slug:slug>/events/new/       S              S          -             sectors.station
station/events/<uuid:uuid>/                      O R C D S H P  -          -             contacts.event
station/events/<uuid:uuid>/change/               O R C D S      O R C D S  -             contacts.event
station/events/<uuid:uuid>/hand-in/              -              O R C D S  -             contacts.event
station/events/<uuid:uuid>/decide/               -              D S        -             contacts.event
station/events/<uuid:uuid>/take-back/            -              O R C D S  -             contacts.event
station/events/<uuid:uuid>/anew/                 -              O R C D S  -             contacts.event
station/events/<uuid:uuid>/discard/              -              O R C D S  -             contacts.event
station/events/<uuid:uuid>/cancel/               -              O R C D S  -             contacts.event
station/events/<uuid:uuid>/presence/             D S            D S        -             contacts.event
station/presence/<uuid:uuid>/remove/             -              D S        -             contacts.eventpresence
station/presence/<uuid:uuid>/answer/             -              -          -             contacts.eventpresence
station/publishing/                              D S            -          -             -
station/publishing/<slug:slug>/rule/             -              S          -             sectors.station
"""

PARTNERS = """
route                                  GET            POST  all stations  of
station/partners/                      O R C D S H P  -     -             -
station/partners/new/                  D S            D S   -             -
station/partners/export.csv            D S            -     -             -
station/partners/<uuid:uuid>/          D S            D S   -             contacts.partnercontact
station/partners/<uuid:uuid>/confirm/  -              D S   -             contacts.partnercontact
station/partners/<uuid:uuid>/remove/   D S            D S   -             contacts.partnercontact
"""

PRINTS = """
route                                 GET        POST       all stations  of
station/sectors/<slug:slug>/prints/   O R C D S  O R C D S  -             sectors.sector
station/prints/                       D S        -          -             -
station/prints/<slug:code>/           O R C D S  -          -             contacts.printrun
station/prints/<slug:code>/print.pdf  O R C D S  -          -             contacts.printrun
"""

# Entries and challenges made from messages, notices made from entries; numbers for text messages.
TIES = """
route                                GET    POST   all stations  of
log/messages/<uuid:uuid>/entry/      O R C  -      -             contacts.message
log/messages/<uuid:uuid>/challenge/  O R C  -      -             contacts.message
log/entries/<uuid:uuid>/tell/        -      O R C  -             sectorlog.logentry
account/text-messages/               any    any    -             -
"""

# A survey's results are counts of five at least; officers see their sectors' beside the station's.
SURVEYS = """
route  GET  POST  all stations  of
station/surveys/  O R C D S P  -  -  -
station/surveys/new/  S  S  -  -
station/surveys/<uuid:uuid>/  O R C D S P  -  -  contacts.surveyround
station/surveys/<uuid:uuid>/results.csv  D S P  -  -  contacts.surveyround
station/surveys/<uuid:uuid>/change/  S  S  -  contacts.surveyround
station/surveys/<uuid:uuid>/sectors/<slug:slug>/print.pdf  O R C D S  -  -  survey in a sector
station/surveys/<uuid:uuid>/sectors/<slug:slug>/paper/  O R C D S  O R C D S  -  survey in a sector
"""

ROUTES = (INBOX, TELLING, PARTNERS, PRINTS, TIES, SURVEYS)
