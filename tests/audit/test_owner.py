"""Two roles: one owns the tables, the other works on their rows."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import schema
from audit.owner import as_owner

from .conftest import run


@pytest.fixture
def second_role(transactional_db, settings):
    """Work as a role that owns nothing, with the one that the tests run as for the owner."""
    own = connection.settings_dict
    # Roles belong to the whole cluster, where the same test may run in another database.
    role = f"{own['NAME']}_application"
    owner = {name: own.get(name, "") for name in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    schema.make_role(role, "a 'quoted' password")
    schema.make_role(role, "asked for again, it stays")
    schema.grant_application_rights(role)
    yield role, owner
    run(f"DROP OWNED BY {role}")
    run(f"DROP ROLE {role}")


def current_user():
    return run("SELECT current_user")[0][0]


def test_schema_is_worked_on_as_the_owner_and_rows_as_the_other(second_role, settings):
    tests_own = current_user()
    _role, settings.DATABASE_OWNER = second_role
    with as_owner():
        assert current_user() == tests_own
        run("CREATE TABLE audit_test_made (id int)")
        run("DROP TABLE audit_test_made")
    assert current_user() == tests_own


def test_without_the_owners_address_the_schema_is_not_touched(second_role, settings):
    settings.DATABASE_OWNER = None
    run(f"SET ROLE {second_role[0]}")
    try:
        with pytest.raises(CommandError, match="OWNER_DATABASE_URL"):
            call_command("migrate", verbosity=0)
    finally:
        run("RESET ROLE")


def test_migrating_again_gives_the_role_what_new_tables_need(second_role, settings):
    """What `migrate` does at the end, as often as it is run."""
    role, settings.DATABASE_OWNER = second_role
    run("CREATE TABLE audit_test_made (id bigserial PRIMARY KEY, text text)")
    try:
        settings.DATABASES["default"]["USER"], kept = role, settings.DATABASES["default"]["USER"]
        try:
            schema.after_migrate("default")
            schema.after_migrate("default")
        finally:
            settings.DATABASES["default"]["USER"] = kept
        run(f"SET ROLE {role}")
        run("INSERT INTO audit_test_made (text) VALUES ('one')")
        assert schema.is_append_only(role)
    finally:
        run("RESET ROLE")
        run("DROP TABLE audit_test_made")
