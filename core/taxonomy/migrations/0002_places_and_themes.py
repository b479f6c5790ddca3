"""Boroughs (Ville de Montréal, CC BY 4.0) and the first themes."""

import json
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parents[1] / "data"


def fill(apps, schema_editor):
    borough = apps.get_model("taxonomy", "Borough")
    theme = apps.get_model("taxonomy", "Theme")
    for row in json.loads((DATA / "boroughs.json").read_text(encoding="utf-8"))["boroughs"]:
        borough.objects.update_or_create(slug=row["slug"], defaults=row)
    for row in json.loads((DATA / "themes.json").read_text(encoding="utf-8")):
        theme.objects.update_or_create(slug=row["slug"], defaults=row)


class Migration(migrations.Migration):
    dependencies = [("taxonomy", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
