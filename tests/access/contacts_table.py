"""The same for what officers and the public have between them; read with `tests.access.table`.

A citizen's message: a district's head reads those that are overdue, and that is what the message of this test is.
"""

from __future__ import annotations

INBOX = """
route                                                 GET         POST        all stations    of
inbox/                                                O R C D S   -           -               -
inbox/figures/                                        D S P       -           -               -
inbox/<uuid:uuid>/                                    O R C D S   -           -               contacts.message
inbox/<uuid:uuid>/reason/                             O R C D S   O R C D S   -               contacts.message
inbox/<uuid:uuid>/read/                               O R C       O R C       -               contacts.message
inbox/<uuid:uuid>/reply/                              O R C S     O R C S     -               contacts.message
inbox/<uuid:uuid>/call/                               O R C S     O R C S     -               contacts.message
inbox/<uuid:uuid>/note/                               O R C S     O R C S     -               contacts.message
inbox/<uuid:uuid>/assign/                             R S         R S         -               contacts.message
inbox/<uuid:uuid>/move/                               R S         R S         -               contacts.message
inbox/<uuid:uuid>/close/                              O R C S     O R C S     -               contacts.message
inbox/<uuid:uuid>/reopen/                             O R C S     O R C S     -               contacts.message
"""

# Hours, notices, events and presence.
TELLING = """
route                                                 GET         POST        all stations    of
"""

PARTNERS = """
route                                                 GET         POST        all stations    of
"""

PRINTS = """
route                                                 GET         POST        all stations    of
station/sectors/<slug:slug>/prints/                   O R C D S   O R C D S   -               sectors.sector
station/prints/                                       D S         -           -               -
station/prints/<slug:code>/                           O R C D S   -           -               contacts.printrun
station/prints/<slug:code>/print.pdf                  O R C D S   -           -               contacts.printrun
"""

# Entries and challenges made from messages, notices made from entries; numbers for text messages.
TIES = """
route                                                 GET         POST        all stations    of
log/messages/<uuid:uuid>/entry/                       O R C       -           -               contacts.message
log/messages/<uuid:uuid>/challenge/                   O R C       -           -               contacts.message
log/entries/<uuid:uuid>/tell/                         -           O R C       -               sectorlog.logentry
"""

ROUTES = (INBOX, TELLING, PARTNERS, PRINTS, TIES)
