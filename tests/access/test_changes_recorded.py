"""Which tables the log of changes watches: all that hold people, rights or what was decided."""

import pytest
from django.apps import apps
from django.db import connection

# Tables whose changes are not recorded, each with its reason.
UNWATCHED = {
    "sectors_street": "the address register holds nobody",
    "sectors_address": "the address register holds nobody",
    "sectors_addressimport": "the state of an import",
    "sectors_neighbour": "computed from the boundaries",
    "sectors_registerversion": "a counter",
    "notifications_notification": "its states are its own history",
    "notifications_undeliverableaddress": "what mail servers say",
    "contacts_answertime": "computed each night",
    "contacts_requestcount": "counts of attempts",
    "contacts_evaluation": "anonymous: the instant would tell whose it is",
    "contacts_surveyanswer": "anonymous: the instant would tell whose it is",
    "contacts_sheetcount": "only grows: the instants would tell which sheet is whose",
    "sectorlog_groupcontact": "kept by triggers from the entries' links",
    "sectorlog_partycontact": "kept by triggers from the entries' links",
    "overview_monthcount": "computed each night",
    "overview_countedmonth": "computed each night",
    "handbook_passage": "made from the text in force",
    "handbook_lastread": "a reader's own bookmark",
    "audit_readentry": "the log itself",
    "audit_change": "the log itself",
    "audit_seal": "the log itself",
}


@pytest.mark.django_db
def test_every_table_of_the_site_is_watched_or_says_why_not():
    own = {"sectors", "officers", "contacts", "sectorlog", "notifications", "audit", "handbook", "overview"}
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in own
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname IN"
            " ('audit_record_change', 'audit_record_change_truncate') GROUP BY 1 HAVING count(*) = 2"
        )
        watched = {name for (name,) in cursor.fetchall()}
    logins = {"account_emailaddress", "mfa_authenticator", "socialaccount_socialaccount"}
    assert (tables | logins) - watched == set(UNWATCHED)
