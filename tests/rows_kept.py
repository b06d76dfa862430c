"""Rows put aside in schemas of the tests' database, and put back: what takes long to make is made once.

Only a superuser of the database may do this, for whom triggers and foreign keys can rest: the tests' own server has
no other.
"""

from django.db import connection, transaction


def may_be_kept() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        (may,) = cursor.fetchone()
    return bool(may)


def keep(place: str) -> None:
    """Put a copy of all rows into the schema of this name, instead of what it had."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{place}" CASCADE; CREATE SCHEMA "{place}"')
        for table in _filled(cursor):
            cursor.execute(f'CREATE UNLOGGED TABLE "{place}"."{table}" AS TABLE public."{table}"')


def are_kept(place: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [f'"{place}"'])
        (there,) = cursor.fetchone()
    return bool(there)


def put_back(place: str) -> None:
    """Replace all rows of the database by those that were kept.

    A request that is still being answered is waited for, as TRUNCATE would; but emptying the few tables that have
    rows is several times as fast as truncating a hundred and twenty.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables = ", ".join(f'public."{table}"' for table in _tables())
        cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE; SET LOCAL session_replication_role = replica")
        statements = [f'DELETE FROM public."{table}"' for table in _filled(cursor)]
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [place])
        statements += [
            f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE TABLE "{place}"."{table}"'
            for (table,) in cursor.fetchall()
        ]
        cursor.execute("; ".join(statements))


def _tables() -> list[str]:
    """The tables of models, which Django's own `flush` empties too."""
    names: list[str] = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return names


def _filled(cursor) -> list[str]:
    asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.\"{table}\")" for table in _tables())
    cursor.execute(" UNION ALL ".join(asked))
    return [name for (name,) in cursor.fetchall()]
