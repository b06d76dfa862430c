"""Who may ask for what: the table of rights of the design's section 6, for every route.

A letter is a column of that table: O attached officer, R responsible, C covering, D head of the district, S head of
the station, H handbook editor, P analyst, G unit liaison, X system administrator, V data-protection reviewer.
`any` is everybody with an account, `officer` every account of an officer, whatever they are appointed to; `-` nobody.
A right holds over objects of one's own sectors, district or station; that of the letters under `all stations` over
every station's. Whoever is not named gets 404, and without a login the login page.
"""

from __future__ import annotations

# Administration, for each model: its pages follow from these four rights. A station that has its norm gets no other.
# Absences and covers are changed by acts of their own, below.
ADMIN = """
model                       view            add         change      delete      all stations
sectors.station             S X V           X           S X         -           X V
sectors.district            S D X V         S           S           -           X V
sectors.sector              S D P V         S           S           -           V
sectors.boundaryrelease     S D V           S           S           S           V
sectors.manningbasis        S D             S           S           -           -
sectors.manningnorm         S               -           S           -           -
sectors.analysisdocument    S D P           S D P       S D P       -           -
officers.user               S X V           X           S X         -           X V
officers.officer            S D             S           S           -           -
officers.assignment         S D V           S           S           -           V
officers.absence            S D V           S           -           -           V
officers.cover              S D V           S           -           -           V
officers.liaison            S D V           S           S           -           V
officers.leadership         X V             X           X           -           X V
officers.staffrole          X V             X           X           -           X V
officers.unit               X V             X           X           -           X V
notifications.notification  X               -           -           -           X
"""

# Everything else that asks for a login. `of`: the model whose object the address names.
ROUTES = """
route                                                 GET         POST        all stations    of
station/                                              any         -           V               -
station/sectors/<slug:slug>/                          O R C D S P V  -        V               sectors.sector
station/sectors/<slug:slug>/documents/                D S P       D S P       -               sectors.sector
station/documents/<uuid:uuid>/                        O R C D S P  -          -               sectors.analysisdocument
station/documents/<uuid:uuid>/withdraw/               D S         D S         -               sectors.analysisdocument
audit/                                                S V         -           V               -
audit/reason/                                         S V         S V         V               -
audit/export.csv                                      S V         -           V               -
audit/health/                                         X V         -           X V             -
account/                                              any         -           -               -
account/log/                                          any         -           -               -
account/profile/                                      officer     officer     -               -
account/profile/hours/                                -           officer     -               -
account/profile/withdraw/                             -           officer     -               -
account/reauthenticate/                               any         any         -               -
account/password/change/                              any         any         -               -
account/second-factor/                                any         -           -               -
account/second-factor/reauthenticate/                 any         any         -               -
account/second-factor/totp/activate/                  any         any         -               -
account/second-factor/recovery-codes/generate/        any         any         -               -
account/second-factor/webauthn/                       any         -           -               -
account/second-factor/webauthn/add/                   any         any         -               -
account/second-factor/webauthn/reauthenticate/        any         any         -               -
account/sessions/                                     any         any         -               -
admin/                                                S D P X V   -           X V             -
admin/logout/                                         -           any         -               -
admin/password_change/                                S D P X V   S D P X V   -               -
admin/password_change/done/                           S D P X V   -           -               -
admin/jsi18n/                                         S D P X V   -           -               -
admin/officers/officer/import/                        S           S           -               -
admin/officers/officer/<int:pk>/draft/                S           S           -               officers.officer
admin/officers/user/for-officer/<int:pk>/             S           S           -               newcomer
admin/officers/user/<int:pk>/invite/                  -           S X         X               officers.user
admin/officers/user/<int:pk>/withdraw/                -           S X         X               officers.user
admin/officers/user/<int:pk>/reset-second-factor/     -           X           X               officers.user
admin/officers/assignment/<int:pk>/end/               S           S           -               officers.assignment
admin/officers/assignment/<int:pk>/withdraw/          S           S           -               officers.assignment
admin/officers/absence/<int:pk>/until/                S           S           -               officers.absence
admin/officers/absence/<int:pk>/end/                  S           S           -               officers.absence
admin/officers/absence/<int:pk>/withdraw/             S           S           -               officers.absence
admin/officers/cover/<int:pk>/end/                    S           S           -               officers.cover
admin/officers/cover/<int:pk>/withdraw/               S           S           -               officers.cover
admin/officers/liaison/<int:pk>/end/                  S           S           -               officers.liaison
admin/officers/liaison/<int:pk>/withdraw/             S           S           -               officers.liaison
admin/officers/leadership/<int:pk>/end/               X           X           X               officers.leadership
admin/officers/leadership/<int:pk>/withdraw/          X           X           X               officers.leadership
admin/officers/staffrole/<int:pk>/end/                X           X           X               officers.staffrole
admin/officers/staffrole/<int:pk>/withdraw/           X           X           X               officers.staffrole
admin/sectors/sector/<int:pk>/replace/                S           S           -               sectors.sector
admin/sectors/boundaryrelease/import/                 S           S           -               -
admin/sectors/boundaryrelease/<int:pk>/areas/         S D V       S           V               sectors.boundaryrelease
admin/sectors/boundaryrelease/<int:pk>/consequences/  S D V       -           V               sectors.boundaryrelease
admin/sectors/boundaryrelease/<int:pk>/publish/       S           S           -               sectors.boundaryrelease
admin/sectors/boundaryrelease/<int:pk>/unschedule/    S           S           -               sectors.boundaryrelease
"""

# Addresses that only lead to another one, or answer 404 to everybody in this test.
ELSEWHERE = {
    "admin/autocomplete/",  # asks for a model and a field: tests/officers/test_admin_scope.py
    "admin/r/<path:content_type_id>/<path:object_id>/",
    "admin/(?P<url>.*)$",
    "admin/^(?P<app_label>notifications|sectors|officers)/$",  # the index, of one app
    # The second factor that one's own account has, or not: tests/officers/test_login_second_factor.py
    "account/second-factor/recovery-codes/",
    "account/second-factor/recovery-codes/download/",
    "account/second-factor/totp/deactivate/",
    "account/second-factor/webauthn/keys/<int:pk>/remove/",
    "account/second-factor/webauthn/keys/<int:pk>/edit/",
}
