"""On SQLite a line cannot be replaced by another of its number either."""

from django.db import migrations

from core.audit import triggers


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunPython(triggers.refuse_replacing, triggers.allow_replacing)]
