"""The table of Django's database cache, in which attempts to log in are counted: `manage.py createcachetable` as a
migration, so that it is there, and belongs to the tables' owner, wherever the migrations have run."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE login_attempts (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX login_attempts_expires ON login_attempts (expires);
            """,
            "DROP TABLE login_attempts;",
        )
    ]
