"""The rules a new site begins with; staff end them and write their own (docs/features/privacy.md)."""

from django.db import migrations
from django.utils import timezone

BASIS_FR = (
    "Loi sur l’accès (RLRQ, c. A-2.1), art. 73 : un renseignement est détruit quand les fins pour "
    "lesquelles il a été recueilli sont accomplies."
)
BASIS_EN = (
    "Access Act (CQLR, c. A-2.1), s. 73: information is destroyed once the purposes for which it "
    "was collected are achieved."
)
DAYS = {
    "unconfirmed_accounts": 30,
    "ended_sessions": 90,
    "export_records": 365,
    "join_request_words": 365,
    "message_bodies": 730,
    "abandoned_drafts": 730,
}


def add(apps, schema_editor):
    rule = apps.get_model("privacy", "RetentionRule")
    today = timezone.localdate()
    for data_class, days in DAYS.items():
        rule.objects.create(
            data_class=data_class,
            period_days=days,
            legal_basis_fr=BASIS_FR,
            legal_basis_en=BASIS_EN,
            in_force_from=today,
        )


class Migration(migrations.Migration):
    dependencies = [("privacy", "0003_retention_and_incidents")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
