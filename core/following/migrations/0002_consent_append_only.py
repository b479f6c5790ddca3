"""The database itself refuses to change a proof of consent."""

from django.db import migrations

from core.following import triggers


class Migration(migrations.Migration):
    dependencies = [("following", "0001_followers_and_consent")]

    operations = [migrations.RunPython(triggers.install, triggers.remove)]
