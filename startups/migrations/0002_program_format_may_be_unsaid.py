from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('startups', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='program',
            name='format',
            field=models.CharField(blank=True, choices=[('in_person', 'In person'), ('hybrid', 'Hybrid'), ('remote', 'Remote')], default='', max_length=10, verbose_name='format'),
        ),
    ]
