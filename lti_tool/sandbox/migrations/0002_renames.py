import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sandbox', '0001_initial'),
    ]

    operations = [
        migrations.RenameModel('Fault', 'InjectedFault'),
        migrations.RemoveConstraint('registrationoffer', 'sandbox_offer_flavour_is_known'),
        migrations.RenameModel('RegistrationOffer', 'RegistrationToken'),
        migrations.AddConstraint(
            model_name='registrationtoken',
            constraint=models.CheckConstraint(condition=models.Q(('flavour__in', ['moodle', 'canvas'])), name='sandbox_registration_flavour_is_known'),
        ),
        migrations.RemoveConstraint('selection', 'sandbox_answer_nonce_once'),
        migrations.RenameField('selection', 'answer_nonce', 'response_nonce'),
        migrations.AddConstraint(
            model_name='selection',
            constraint=models.UniqueConstraint(condition=models.Q(('response_nonce', ''), _negated=True), fields=('tool', 'response_nonce'), name='sandbox_response_nonce_once'),
        ),
        migrations.RenameField('course', 'tells_dates', 'shares_dates'),
        migrations.AlterField(
            model_name='activity',
            name='url',
            field=models.CharField(blank=True, help_text="The activity's own target_link_uri; '' for the tool's.", max_length=2000),
        ),
        migrations.AlterField(
            model_name='course',
            name='shares_dates',
            field=models.BooleanField(default=False, help_text='Tools get the dates of its activities.'),
        ),
        migrations.AlterField(
            model_name='grade',
            name='comments',
            field=models.JSONField(blank=True, default=list, help_text='In Canvas, all comments that were posted.'),
        ),
        migrations.AlterField(
            model_name='grade',
            name='result',
            field=models.DecimalField(decimal_places=5, help_text='The last score of tool or teacher, which Canvas returns to the tool.', max_digits=15, null=True),
        ),
        migrations.AlterField(
            model_name='grade',
            name='submission_url',
            field=models.CharField(blank=True, help_text='In Canvas, the address that SpeedGrader launches.', max_length=2000),
        ),
        migrations.AlterField(
            model_name='grade',
            name='submissions',
            field=models.PositiveIntegerField(default=0, help_text='The number of scores that were new submissions.'),
        ),
        migrations.AlterField(
            model_name='grade',
            name='timestamp',
            field=models.DateTimeField(help_text='Of the last change; earlier scores are refused.'),
        ),
        migrations.AlterField(
            model_name='registrationtoken',
            name='tool',
            field=models.ForeignKey(help_text='The tool that was registered with it.', null=True, on_delete=django.db.models.deletion.SET_NULL, to='sandbox.toolclient'),
        ),
        migrations.AlterField(
            model_name='selection',
            name='placement',
            field=models.CharField(blank=True, help_text="The placement; '' in Moodle.", max_length=40),
        ),
        migrations.AlterField(
            model_name='selection',
            name='response_nonce',
            field=models.CharField(blank=True, help_text='The nonce of the response that was accepted.', max_length=255),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='person',
            field=models.ForeignKey(help_text='The test student, launched instead of the person signed in.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sandbox.person'),
        ),
        migrations.AlterField(
            model_name='toolclient',
            name='placements',
            field=models.JSONField(blank=True, default=list, help_text='The placements at which Canvas offers its deep linking.'),
        ),
        migrations.AlterField(
            model_name='toolclient',
            name='shares_names',
            field=models.BooleanField(default=True, help_text="The tool gets people's names."),
        ),
    ]
