from django.db import migrations, models


class Migration(migrations.Migration):
    """Beginnings of words stand among the words: the worker writes all of them down anew."""

    dependencies = [
        ('tutelage_sessions', '0006_lists_by_start'),
    ]

    operations = [
        migrations.RunSQL('DELETE FROM session_search', migrations.RunSQL.noop, elidable=True),
        migrations.AddIndex(
            model_name='session',
            index=models.Index(fields=['status', '-starts_at', '-id'], name='session_by_status'),
        ),
        migrations.AddIndex(
            model_name='sessionlog',
            index=models.Index(condition=models.Q(('logged_late', True)), fields=['session'], name='session_log_late'),
        ),
    ]
