"""Proofs of consent leave three years after what they prove ended; staff may write another rule."""

from importlib import import_module

from django.db import migrations
from django.utils import timezone

first = import_module("core.privacy.migrations.0004_default_rules")


def add(apps, schema_editor):
    apps.get_model("privacy", "RetentionRule").objects.create(
        data_class="consents",
        period_days=1095,
        legal_basis_fr=first.BASIS_FR,
        legal_basis_en=first.BASIS_EN,
        in_force_from=timezone.localdate(),
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0006_closed_address_rule")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
