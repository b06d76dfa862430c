"""The same for the sector log, part by part; read with `tests.access.table`."""

HOME = """
route                                                 GET         POST        all stations    of
log/                                                  any         -           -               -
log/sectors/<slug:slug>/                              O R C D S   -           -               sectors.sector
"""

# Forms, target groups and the matrix. The form is the station's: the head of a district changes those of theirs.
GROUPS = """
route                                                 GET         POST        all stations    of
log/forms/                                            D S P V     -           V               -
log/forms/add/                                        D S         D S         -               -
log/forms/<uuid:uuid>/                                D S P V     -           V               sectorlog.formtemplate
log/forms/<uuid:uuid>/preview/                        D S P V     -           V               sectorlog.formtemplate
log/forms/<uuid:uuid>/adapt/                          D S         D S         -               sectorlog.formtemplate
log/forms/<uuid:uuid>/position/                       S           S           -               sectorlog.formtemplate
log/forms/<uuid:uuid>/retire/                         S           S           -               sectorlog.formtemplate
log/forms/<uuid:uuid>/bring-back/                     S           S           -               sectorlog.formtemplate
log/forms/<uuid:uuid>/start/                          S           S           -               sectorlog.formtemplate
log/forms/<uuid:uuid>/draft/                          S           S           -               sectorlog.formtemplate
log/forms/<uuid:uuid>/draft/field/                    S           S           -               sectorlog.formtemplate
log/forms/<uuid:uuid>/publish/                        S           S           -               sectorlog.formtemplate
log/forms/<uuid:uuid>/discard/                        S           S           -               sectorlog.formtemplate
log/matrix/                                           any         -           -               -
log/groups/                                           D S         D S         -               -
log/groups/<slug:slug>/                               D S         D S         -               sectorlog.targetgroup
log/groups/<slug:slug>/retire/                        -           D S         -               sectorlog.targetgroup
log/sectors/<slug:slug>/groups/                       O R C D S   -           -               sectors.sector
log/sectors/<slug:slug>/groups/<slug:group>/          O R C D S   -           -               group of a sector
log/sectors/<slug:slug>/groups/<slug:group>/status/   O R C       O R C       -               group of a sector
log/sectors/<slug:slug>/groups/<slug:group>/agree/    R D S       R D S       -               group of a sector
"""

# Entries, addenda, files, promises, follow-ups; what a telephone without a network needs.
ENTRIES = """
route                                                 GET         POST        all stations    of
log/entries/new/                                      any         any         -               -
log/entries/<uuid:uuid>/                              O R C D S   -           -               sectorlog.logentry
log/entries/<uuid:uuid>/correct/                      -           -           -               sectorlog.logentry
log/entries/<uuid:uuid>/addenda/                      -           O R C       -               sectorlog.logentry
log/entries/<uuid:uuid>/promises/                     -           O R C       -               sectorlog.logentry
log/entries/<uuid:uuid>/attachments/                  -           O R C       -               sectorlog.logentry
log/entries/<uuid:uuid>/followed-up/                  -           R           -               sectorlog.logentry
log/attachments/<uuid:uuid>/                          O R C D S   -           -               sectorlog.attachment
log/promises/<uuid:uuid>/                             O R C D S   O R C       -               sectorlog.promise
log/entries/state/                                    any         -           -               -
"""

# Time line, search, export; what analysts and liaisons see of it.
TIMELINE = """
route                                                 GET         POST        all stations    of
"""

# Parties of interest, the visit round, challenges.
PARTIES = """
route                                                 GET         POST        all stations    of
log/sectors/<slug:slug>/parties/                      O R C D S   -           -               sectors.sector
log/sectors/<slug:slug>/parties/new/                  O R C       O R C       -               sectors.sector
log/sectors/<slug:slug>/parties/import/               R D S       R D S       -               sectors.sector
log/parties/<uuid:uuid>/                              O R C D S   -           -               sectorlog.party
log/parties/<uuid:uuid>/change/                       R           R           -               sectorlog.party
log/parties/<uuid:uuid>/gone/                         R           R           -               sectorlog.party
log/parties/<uuid:uuid>/merge/                        R           R           -               sectorlog.party
log/parties/<uuid:uuid>/visited/                      O R C       O R C       -               sectorlog.party
log/parties/<uuid:uuid>/contacts/new/                 O R C       O R C       -               sectorlog.party
log/contacts/<uuid:uuid>/                             R           R           -               sectorlog.contactperson
log/contacts/<uuid:uuid>/left/                        R           R           -               sectorlog.contactperson
log/visits/                                           any         -           -               -
log/sectors/<slug:slug>/visits/                       O R C D S   -           -               sectors.sector
"""

# Joint efforts, patrols, the mirror.
EFFORTS = """
route                                                 GET         POST        all stations    of
log/patrols/start/                                    O R C       O R C       -               -
log/patrols/<uuid:uuid>/                              -           -           -               sectorlog.patrol
log/patrols/<uuid:uuid>/stop/                         -           -           -               sectorlog.patrol
log/sectors/<slug:slug>/patrols/                      O R C D S   -           -               sectors.sector
log/sectors/<slug:slug>/mirror/                       O R C D S   -           -               sectors.sector
"""

# Hand-over packs and briefing sheets.
HANDOVERS = """
route                                                 GET         POST        all stations    of
log/sectors/<slug:slug>/handovers/                    O R C D S   -           -               sectors.sector
log/sectors/<slug:slug>/handovers/new/                R D S       R D S       -               sectors.sector
log/sectors/<slug:slug>/handovers/preview/            R D S       -           -               sectors.sector
log/handovers/<uuid:uuid>/                            O R C D S   -           -               sectorlog.handover
log/handovers/<uuid:uuid>/items/                      O R C D S   -           -               sectorlog.handover
log/handovers/<uuid:uuid>/sign/                       D S         D S         -               sectorlog.handover
log/handovers/<uuid:uuid>/handover.pdf                O R C D S   -           -               sectorlog.handover
"""

# Source handling and retention.
KEEPING = """
route                                                 GET         POST        all stations    of
log/source/                                           O R C       O R C       -               -
log/source/sent/                                      any         -           -               -
log/source/referrals/                                 D S         -           -               -
log/source/referrals/<uuid:uuid>/                     D           D           -               sectorlog.sourcereferral
log/source/referrals/<uuid:uuid>/handed-over/         -           D           -               sectorlog.sourcereferral
log/source/referrals/<uuid:uuid>/receipt/             D           -           -               sectorlog.sourcereferral
log/source/keys/                                      D           D           -               -
log/source/words/                                     D S         D S         -               -
"""

ROUTES = (HOME, GROUPS, ENTRIES, TIMELINE, PARTIES, EFFORTS, HANDOVERS, KEEPING)
