"""What people look for and do not find leaves after 13 months; staff may write another rule."""

from importlib import import_module

from django.db import migrations
from django.utils import timezone

first = import_module("core.privacy.migrations.0004_default_rules")


def add(apps, schema_editor):
    apps.get_model("privacy", "RetentionRule").objects.create(
        data_class="missed_searches",
        period_days=396,
        legal_basis_fr=first.BASIS_FR,
        legal_basis_en=first.BASIS_EN,
        in_force_from=timezone.localdate(),
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0008_directory_rules")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
