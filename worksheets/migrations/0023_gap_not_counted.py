from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('worksheets', '0022_class_feedback'),
    ]

    operations = [
        migrations.AlterField(
            model_name='keycorrection',
            name='verdict',
            field=models.CharField(choices=[('right', 'right'), ('half', 'half right'), ('wrong', 'wrong'), ('omitted', 'not counted')], max_length=8),
        ),
        migrations.RemoveConstraint(
            model_name='keycorrection',
            name='key_correction_verdict',
        ),
        migrations.AddConstraint(
            model_name='keycorrection',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['right', 'half', 'wrong', 'omitted'])), name='key_correction_verdict'),
        ),
    ]
