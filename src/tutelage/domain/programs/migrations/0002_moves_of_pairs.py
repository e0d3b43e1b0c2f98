import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce, Now

import tutelage.core.clock

STATUSES = [('proposed', 'Proposed'), ('active', 'Active'), ('paused', 'Paused'), ('ended', 'Ended')]


def date_statuses(apps, schema_editor):
    """What stood here before has its status since it began, or since it ended."""
    rows = apps.get_model("programs", "Mentorship").objects
    rows.update(status_since=Coalesce("ended_at", "started_at"))


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('programs', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='mentorship',
            name='proposed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mentorship',
            name='status_since',
            field=models.DateTimeField(default=tutelage.core.clock.now, db_default=Now()),
        ),
        migrations.CreateModel(
            name='MentorshipMove',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('action', models.CharField(choices=[('accept', 'Accepted'), ('decline', 'Declined'), ('withdraw', 'Withdrawn'), ('pause', 'Paused'), ('resume', 'Resumed'), ('end', 'Ended')], max_length=20)),
                ('from_status', models.CharField(choices=STATUSES, max_length=20)),
                ('status', models.CharField(choices=STATUSES, max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField(default=tutelage.core.clock.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mentorship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='programs.mentorship')),
            ],
            options={
                'db_table': 'mentorship_move',
            },
        ),
        migrations.AddIndex(
            model_name='mentorshipmove',
            index=models.Index(fields=['mentorship', 'at', 'id'], name='move_of_mentorship'),
        ),
        migrations.AddConstraint(
            model_name='mentorshipmove',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'active', 'paused', 'ended'])), name='mentorship_move_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='mentorship',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'proposed'), _negated=True), ('proposed_by__isnull', False), _connector='OR'), name='mentorship_proposed_by_somebody'),
        ),
        migrations.RunPython(date_statuses, migrations.RunPython.noop),
    ]
