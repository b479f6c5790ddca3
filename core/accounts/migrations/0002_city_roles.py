"""The city's roles are groups; all but the jury enter the administration."""

from django.db import migrations

from core.accounts import roles


def make(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    permission = apps.get_model("auth", "Permission")
    content_type = apps.get_model("contenttypes", "ContentType")
    admin, _ = content_type.objects.get_or_create(app_label="wagtailadmin", model="admin")
    door, _ = permission.objects.get_or_create(
        content_type=admin, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    for name in roles.ALL:
        made, _ = group.objects.get_or_create(name=name)
        if name in roles.ADMIN_DOOR:
            made.permissions.add(door)


def unmake(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=roles.ALL).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(make, unmake)]
