from django.conf import settings
from django.db import migrations, models


def forget_programs(apps, schema_editor):
    """On the way back: what was imported stays, the runs that tell of it are of no known kind."""
    ImportRun = apps.get_model("startups", "ImportRun")
    programs = ImportRun.objects.filter(kind="program")
    apps.get_model("startups", "ImportRow").objects.filter(run__in=programs).delete()
    programs.delete()
    for name in ("ImportMatching", "RememberedDouble"):
        apps.get_model("startups", name).objects.filter(kind="program").delete()
    # PostgreSQL alters no table while what was deleted is still to be checked.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):

    dependencies = [
        ('startups', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='importrun',
            name='import_known',
        ),
        migrations.AddField(
            model_name='importmatching',
            name='meanings',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='importrun',
            name='meanings',
            field=models.JSONField(default=dict, verbose_name='meanings'),
        ),
        migrations.AlterField(
            model_name='importmatching',
            name='kind',
            field=models.CharField(choices=[('incubator', 'Support organisations'), ('startup', 'Startups'), ('program', 'Programs of support organisations')], max_length=12),
        ),
        migrations.AlterField(
            model_name='importrun',
            name='kind',
            field=models.CharField(choices=[('incubator', 'Support organisations'), ('startup', 'Startups'), ('program', 'Programs of support organisations')], max_length=12, verbose_name='what the rows are'),
        ),
        migrations.AlterField(
            model_name='remembereddouble',
            name='kind',
            field=models.CharField(choices=[('incubator', 'Support organisations'), ('startup', 'Startups'), ('program', 'Programs of support organisations')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['incubator', 'startup', 'program']), ('state__in', ['columns', 'checking', 'ready', 'running', 'done', 'abandoned'])), name='import_known'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_programs),
    ]
