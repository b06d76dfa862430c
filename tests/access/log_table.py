"""The same for the sector log, part by part; read with `tests.access.table`."""

HOME = """
route                                                 GET         POST        all stations    of
log/                                                  any         -           -               -
log/sectors/<slug:slug>/                              O R C D S   -           -               sectors.sector
"""

# Forms, target groups and the matrix, challenges.
# The form is the station's: the head of a district changes those of theirs.
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
log/sectors/<slug:slug>/challenges/                   O R C D S   -           -               sectors.sector
log/sectors/<slug:slug>/challenges/new/               O R C       O R C       -               sectors.sector
log/challenges/<uuid:uuid>/                           O R C D S   -           -               sectorlog.challenge
log/challenges/<uuid:uuid>/notes/                     O R C       O R C       -               sectorlog.challenge
log/challenges/<uuid:uuid>/change/                    R           R           -               sectorlog.challenge
log/challenges/<uuid:uuid>/close/                     R           R           -               sectorlog.challenge
log/challenges/<uuid:uuid>/reopen/                    R           R           -               sectorlog.challenge
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
log/entries/<uuid:uuid>/suggest/                      O R C D S   O R C D S   -               sectorlog.logentry
log/attachments/<uuid:uuid>/                          O R C D S   -           -               sectorlog.attachment
log/promises/<uuid:uuid>/                             O R C D S   O R C       -               sectorlog.promise
log/entries/state/                                    any         -           -               -
"""

# Time line, search, export; what analysts and liaisons see of it.
TIMELINE = """
route                                                 GET         POST        all stations    of
log/entries/                                          O R C D S   -           -               -
log/entries/export/                                   S           S           -               -
log/sectors/<slug:slug>/entries/                      O R C D S   -           -               sectors.sector
log/sectors/<slug:slug>/entries/export/               S           S           -               sectors.sector
log/facts/                                            P           -           -               -
log/sectors/<slug:slug>/facts/                        P           -           -               sectors.sector
log/sectors/<slug:slug>/facts.csv                     P           -           -               sectors.sector
log/flagged/                                          G           -           -               -
log/flagged/reason/                                   G           G           -               -
"""

# Parties of interest, the visit round.
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
log/efforts/                                          any         -           -               -
log/efforts/add/                                      R D S       R D S       -               -
log/efforts/<uuid:uuid>/                              O R C D S   -           -               sectorlog.effort
log/efforts/<uuid:uuid>/change/                       R D S       R D S       -               sectorlog.effort
log/efforts/<uuid:uuid>/close/                        R D S       R D S       -               sectorlog.effort
log/efforts/<uuid:uuid>/tasks/                        R D S       R D S       -               sectorlog.effort
log/efforts/tasks/<uuid:uuid>/                        R D S       R D S       -               sectorlog.efforttask
log/efforts/tasks/<uuid:uuid>/done/                   -           R D S       -               sectorlog.efforttask
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
log/briefings/                                        O R C D S   -           -               -
log/briefings/new/                                    D S         D S         -               -
log/briefings/<uuid:uuid>/                            O R C D S   -           -               sectorlog.briefing
log/briefings/<uuid:uuid>/briefing.pdf                O R C D S   -           -               sectorlog.briefing
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
log/retention/                                        D S         D S         -               -
log/retention/erasures/                               D S V       -           V               -
log/retention/entries/<uuid:uuid>/                    D S         D S         -               sectorlog.logentry
log/retention/parties/<uuid:uuid>/                    D S         D S         -               sectorlog.party
log/retention/contacts/<uuid:uuid>/                   D S         D S         -               sectorlog.contactperson
log/retention/challenges/<uuid:uuid>/                 D S         D S         -               sectorlog.challenge
log/retention/handovers/<uuid:uuid>/                  D S         D S         -               sectorlog.handover
"""

ROUTES = (HOME, GROUPS, ENTRIES, TIMELINE, PARTIES, EFFORTS, HANDOVERS, KEEPING)
