"""The board of needs has its words, as every list has."""

from django.db import migrations, models

LISTS = [
    ("challenges", "Challenges"),
    ("pilots", "Pilots"),
    ("programs", "Programs"),
    ("incubators", "Support organisations"),
    ("startups", "Startups"),
    ("solutions", "Solutions"),
    ("sites", "Test sites"),
    ("needs", "Needs of startups"),
    ("data", "Open data"),
    ("search", "Search"),
]


def remove_pages(apps, schema_editor):
    """On the way back: the tree keeps its own counts, which only the real model knows."""
    from cms.pages.models import ListPage

    for page in ListPage.objects.filter(kind="needs"):
        page.delete()


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="listpage", name="list_page_kind_known"),
        migrations.AlterField(
            model_name="listpage",
            name="kind",
            field=models.CharField(choices=LISTS, max_length=12, verbose_name="list"),
        ),
        migrations.AddConstraint(
            model_name="listpage",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _label in LISTS]),
                name="list_page_kind_known",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, remove_pages),
    ]
