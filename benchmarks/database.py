"""A database of its own beside the site's, kept between runs: to fill it takes minutes."""

import os

import django
import environ

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"


def open_database() -> str:
    """Create the benchmarks' database if it is missing, connect to it, and return its DATABASE_URL."""
    django.setup()
    from django.conf import settings
    from django.db import connection

    del settings.DATABASES["default"]["OPTIONS"]["pool"]
    site = settings.DATABASES["default"]["NAME"]
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=True, serialize=False)
    head, _, tail = os.environ["DATABASE_URL"].partition(f"/{site}")
    url = f"{head}/{name}{tail}"
    if environ.Env.db_url_config(url)["NAME"] != name:
        raise RuntimeError(f"DATABASE_URL does not name the database {site} as its path.")
    return url
