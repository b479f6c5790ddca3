"""The directory: settled interests and silent conversations leave after two years, the addresses of
those who proposed a correction after 90 days; staff may write other rules."""

from importlib import import_module

from django.db import migrations
from django.utils import timezone

first = import_module("core.privacy.migrations.0004_default_rules")


def add(apps, schema_editor):
    for data_class, days in (("interests", 730), ("relays", 730), ("correction_addresses", 90)):
        apps.get_model("privacy", "RetentionRule").objects.create(
            data_class=data_class,
            period_days=days,
            legal_basis_fr=first.BASIS_FR,
            legal_basis_en=first.BASIS_EN,
            in_force_from=timezone.localdate(),
        )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0007_consent_rule")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
