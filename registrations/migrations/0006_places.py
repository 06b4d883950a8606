"""Allotments get an outward code and a version, so that they can be named and changed."""

from django.db import migrations, models

import core.codes


def give_codes(apps, schema_editor):
    """Name each allotment that is there already."""
    allotments = apps.get_model("registrations", "Allotment")
    rows = list(allotments.objects.only("pk"))
    for row in rows:
        row.code = core.codes.registration_code()
    allotments.objects.bulk_update(rows, ["code"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("registrations", "0005_answers_guest_uploads")]

    operations = [
        migrations.AddField(
            "allotment", "version", models.PositiveIntegerField(default=1, editable=False)
        ),
        migrations.AddField("allotment", "code", models.CharField(max_length=10, null=True)),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AlterField(
            "allotment",
            "code",
            models.CharField(default=core.codes.registration_code, max_length=10, unique=True),
        ),
    ]
