"""The database itself refuses to change or remove an audit line."""

from django.db import migrations

from core.audit import triggers


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(triggers.install, triggers.remove)]
