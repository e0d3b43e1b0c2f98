"""The table of Django's `DatabaseCache`, which holds the limits of logins across processes."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.RunSQL(
            sql=[
                """
                CREATE TABLE IF NOT EXISTS cache_entry (
                    cache_key varchar(255) PRIMARY KEY,
                    value text NOT NULL,
                    expires timestamptz NOT NULL
                )
                """,
                "CREATE INDEX IF NOT EXISTS cache_entry_by_expiry ON cache_entry (expires)",
            ],
            reverse_sql="DROP TABLE cache_entry",
        ),
    ]
