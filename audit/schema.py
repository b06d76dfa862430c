"""What each `migrate` does for the log beyond its tables: partitions, count of transactions, rights."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

# What the application's own role may do with each table of the log. It owns none of them.
# Number, time and transaction of an entry are the database's word, and so is a seal.
LOG_RIGHTS = {
    "audit_readentry": "SELECT, INSERT"
    " (actor_id, actor, verb, subject, keys, sectors, purpose, path, request_id)",
    "audit_change": "SELECT",
    "audit_seal": "SELECT",
}

# Its functions: what runs as the owner is called by nobody but who is named here. A restore without access rights
# gives them to everybody again, so this is said with every `migrate`.
LOG_FUNCTIONS = {
    "audit_record_change()": False,
    "audit_make_partitions(date, integer)": False,
    "audit_make_partitions()": True,
    "audit_make_seal(text)": True,
}

# The owner's own tables: those of extensions are read by everybody already.
OWN_TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition
    AND pg_has_role(relowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
"""

LAST_TRANSACTION = """
SELECT greatest(
    (SELECT max(to_xid) FROM audit_seal),
    (SELECT max(xid) FROM audit_readentry),
    (SELECT max(xid) FROM audit_change)
), audit_transaction(), audit_counter_ahead()
"""


def after_migrate(using: str, **signal: Any) -> None:
    with transaction.atomic(using=using):
        if has_log(using):
            make_partitions(using)
            count_on(using)
            application = settings.DATABASES[using]
            if settings.DATABASE_OWNER and application["USER"] != settings.DATABASE_OWNER["USER"]:
                make_role(application["USER"], application["PASSWORD"], using)
                grant_application_rights(application["USER"], using)


def make_partitions(using: str = "default") -> None:
    """Make those of this and the next three months, where they are missing."""
    _run(using, "SELECT audit_make_partitions()")


def count_on(using: str = "default") -> None:
    """Let the count of transactions go on where the log's ends: a restored database begins to count anew.

    Else the entries after a restore would seem to lie before those that are sealed.
    """
    [(last, present, ahead)] = _run(using, LAST_TRANSACTION)
    if last is not None and last >= present:
        _run(
            using,
            "CREATE OR REPLACE FUNCTION audit_counter_ahead() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE"
            f" AS 'SELECT {ahead + last - present + 1}::bigint'",
        )


def make_role(role: str, password: str, using: str = "default") -> None:
    """Make the application's role where it is missing. Where the owner may not, somebody has to have made it."""
    if not _run(using, "SELECT 1 FROM pg_roles WHERE rolname = %s", [role]):
        secret = sql.SQL(" PASSWORD {}").format(password) if password else sql.SQL("")
        made = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)) + secret
        _run(using, made.as_string(connections[using].connection))


def grant_application_rights(role: str, using: str = "default") -> None:
    """Let the application's role work on all rows, and only read and add in the log."""
    name = connections[using].ops.quote_name(role)
    for (table,) in _run(using, OWN_TABLES):
        rights = LOG_RIGHTS.get(table, "SELECT, INSERT, UPDATE, DELETE")
        _run(using, f"REVOKE ALL ON {table} FROM {name}; GRANT {rights} ON {table} TO {name}")
    _run(
        using,
        f"GRANT USAGE ON SCHEMA public TO {name}; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
    )
    for function, is_called in LOG_FUNCTIONS.items():
        _run(using, f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC, {name}")
        if is_called:
            _run(using, f"GRANT EXECUTE ON FUNCTION {function} TO {name}")
    # On a table of its own, temporary or not, it could hang the trigger and record what did not happen.
    database = connections[using].ops.quote_name(connections[using].settings_dict["NAME"])
    _run(using, f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {name}")
    _run(using, f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}")


def is_append_only(role: str, using: str = "default") -> bool:
    """Tell whether the database itself keeps the role from changing the log, and from lifting what guards it."""
    [(free,)] = _run(
        using,
        "SELECT bool_or(pg_has_role(%s, relowner, 'USAGE')"
        " OR has_table_privilege(%s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
        " OR has_function_privilege(%s, 'audit_record_change()', 'EXECUTE'))"
        " FROM pg_class WHERE oid = ANY (%s::regclass[])",
        [role, role, role, list(LOG_RIGHTS)],
    )
    return not free


def has_log(using: str) -> bool:
    [(found,)] = _run(using, "SELECT to_regclass('audit_seal') IS NOT NULL")
    return found


def _run(using: str, statement: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []
