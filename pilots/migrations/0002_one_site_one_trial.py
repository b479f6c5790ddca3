"""Two exclusive holds on a site never overlap: the database's own promise on PostgreSQL.

SQLite has no exclusion constraint; there the verb checks under the write lock.
"""

from django.db import migrations


def install(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    schema_editor.execute(
        "ALTER TABLE pilots_sitebooking ADD CONSTRAINT booking_no_overlap EXCLUDE USING gist "
        "(site_id WITH =, daterange(starts_on, ends_on, '[]') WITH &&) WHERE (is_exclusive)"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE pilots_sitebooking DROP CONSTRAINT IF EXISTS booking_no_overlap"
        )


class Migration(migrations.Migration):
    dependencies = [("pilots", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
