"""Addresses that are not written to are tried again after three years; staff may write another."""

from importlib import import_module

from django.db import migrations
from django.utils import timezone

first = import_module("core.privacy.migrations.0004_default_rules")


def add(apps, schema_editor):
    apps.get_model("privacy", "RetentionRule").objects.create(
        data_class="closed_addresses",
        period_days=1095,
        legal_basis_fr=first.BASIS_FR,
        legal_basis_en=first.BASIS_EN,
        in_force_from=timezone.localdate(),
    )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_invitation_rule")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
