"""The same for the sector log, part by part; read with `tests.access.table`."""

HOME = """
route                                                 GET         POST        all stations    of
log/                                                  any         -           -               -
log/sectors/<slug:slug>/                              O R C D S   -           -               sectors.sector
"""

# Forms, target groups and the matrix.
GROUPS = """
route                                                 GET         POST        all stations    of
"""

# Entries, addenda, files, promises, follow-ups; what a telephone without a network needs.
ENTRIES = """
route                                                 GET         POST        all stations    of
"""

# Time line, search, export; what analysts and liaisons see of it.
TIMELINE = """
route                                                 GET         POST        all stations    of
"""

# Parties of interest, the visit round, challenges.
PARTIES = """
route                                                 GET         POST        all stations    of
"""

# Joint efforts, patrols, the mirror.
EFFORTS = """
route                                                 GET         POST        all stations    of
log/patrols/start/                                    O R C       O R C       -               -
log/patrols/<uuid:uuid>/                              -           -           -               sectorlog.patrol
log/patrols/<uuid:uuid>/stop/                         -           -           -               sectorlog.patrol
log/sectors/<slug:slug>/patrols/                      O R C D S   -           -               sectors.sector
"""

# Hand-over packs and briefing sheets.
HANDOVERS = """
route                                                 GET         POST        all stations    of
"""

# Source handling and retention.
KEEPING = """
route                                                 GET         POST        all stations    of
log/source/                                           O R C       O R C       -               -
"""

ROUTES = (HOME, GROUPS, ENTRIES, TIMELINE, PARTIES, EFFORTS, HANDOVERS, KEEPING)
