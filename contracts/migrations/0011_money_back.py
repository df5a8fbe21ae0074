"""Money back on a live contract: requests that do not end it (contracts/sql/money_back.sql)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from contracts.sql import read

DROP = """
DROP TRIGGER refund_request_frozen ON contracts_refundrequest;
DROP TRIGGER money_back_matches ON contracts_refundrequest;
DROP FUNCTION contracts_money_back_matches;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0010_change_requests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_valid',
        ),
        migrations.RemoveConstraint(
            model_name='refundrequest',
            name='refund_status_valid',
        ),
        migrations.RemoveConstraint(
            model_name='refundrequest',
            name='refund_clock_runs_while_it_waits',
        ),
        migrations.AddField(
            model_name='refundrequest',
            name='ends',
            field=models.BooleanField(default=True, verbose_name='ends the contract'),
        ),
        migrations.AddField(
            model_name='refundrequest',
            name='milestone',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.milestone', verbose_name='milestone'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('offer_sent', 'offer sent'), ('offer_changed', 'offer changed'), ('offer_accepted', 'offer accepted'), ('offer_declined', 'offer declined'), ('offer_withdrawn', 'offer withdrawn'), ('offer_expired', 'offer expired'), ('plan_saved', 'plan saved'), ('milestone_added', 'milestone added'), ('milestone_funded', 'milestone funded'), ('funding_failed', 'funding failed'), ('work_submitted', 'work submitted'), ('changes_requested', 'changes requested'), ('review_reminder', 'review reminder'), ('released', 'released'), ('bonus_paid', 'bonus paid'), ('refund_requested', 'refund requested'), ('refund_approved', 'refund approved'), ('refund_countered', 'refund countered'), ('refund_lapsed', 'refunded without an answer'), ('counter_accepted', 'counter accepted'), ('counter_lapsed', 'settled without an answer'), ('money_back_asked', 'money asked back'), ('money_back_agreed', 'money given back'), ('money_back_declined', 'money not given back'), ('money_back_withdrawn', 'request for money back withdrawn'), ('money_back_over', 'request for money back over'), ('dispute_opened', 'dispute opened'), ('contract_ended', 'contract ended'), ('charged_back', 'charge taken back by the bank'), ('request_sent', 'change request sent'), ('request_revised', 'change request revised'), ('request_countered', 'change request sent back'), ('request_withdrawn', 'change request withdrawn'), ('request_accepted', 'change request accepted'), ('request_partly_accepted', 'change request partly accepted'), ('request_declined', 'change request declined'), ('request_superseded', 'change request superseded'), ('request_reminder', 'reminder of a change request'), ('proposal_sent', 'contract proposed'), ('proposal_accepted', 'proposed contract accepted'), ('proposal_declined', 'proposed contract declined'), ('proposal_withdrawn', 'proposed contract withdrawn'), ('feedback_given', 'feedback given'), ('feedback_revealed', 'feedback revealed'), ('members_assigned', 'members assigned')], max_length=32, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='refundrequest',
            name='status',
            field=models.CharField(choices=[('pending', 'pending'), ('countered', 'countered'), ('disputed', 'disputed'), ('approved', 'approved'), ('lapsed', 'refunded without an answer'), ('decided', 'decided'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('superseded', 'superseded')], default='pending', max_length=10, verbose_name='status'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['offer_sent', 'offer_changed', 'offer_accepted', 'offer_declined', 'offer_withdrawn', 'offer_expired', 'plan_saved', 'milestone_added', 'milestone_funded', 'funding_failed', 'work_submitted', 'changes_requested', 'review_reminder', 'released', 'bonus_paid', 'refund_requested', 'refund_approved', 'refund_countered', 'refund_lapsed', 'counter_accepted', 'counter_lapsed', 'money_back_asked', 'money_back_agreed', 'money_back_declined', 'money_back_withdrawn', 'money_back_over', 'dispute_opened', 'contract_ended', 'charged_back', 'request_sent', 'request_revised', 'request_countered', 'request_withdrawn', 'request_accepted', 'request_partly_accepted', 'request_declined', 'request_superseded', 'request_reminder', 'proposal_sent', 'proposal_accepted', 'proposal_declined', 'proposal_withdrawn', 'feedback_given', 'feedback_revealed', 'members_assigned'])), name='event_kind_valid'),
        ),
        migrations.AddConstraint(
            model_name='refundrequest',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'countered', 'disputed', 'approved', 'lapsed', 'decided', 'declined', 'withdrawn', 'superseded'])), name='refund_status_valid'),
        ),
        migrations.AddConstraint(
            model_name='refundrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer_by__isnull', False), ('ends', True), ('status__in', ['pending', 'countered'])), models.Q(models.Q(('ends', True), ('status__in', ['pending', 'countered']), _negated=True), ('answer_by', None)), _connector='OR'), name='refund_clock_runs_while_it_waits'),
        ),
        migrations.AddConstraint(
            model_name='refundrequest',
            constraint=models.CheckConstraint(condition=models.Q(('returned', None), models.Q(('returned__gte', 0), ('returned__lte', models.F('amount'))), _connector='OR'), name='refund_returns_what_was_asked'),
        ),
        migrations.AddConstraint(
            model_name='refundrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends', True), ('milestone', None), models.Q(('status__in', ['declined', 'superseded', 'withdrawn']), _negated=True)), models.Q(('counter', None), ('ends', False), ('status__in', ['approved', 'declined', 'pending', 'superseded', 'withdrawn'])), _connector='OR'), name='refund_answered_as_it_may_be'),
        ),
        migrations.AddConstraint(
            model_name='refundrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['declined', 'superseded', 'withdrawn']), _negated=True), ('returned', 0), _connector='OR'), name='refund_returns_nothing'),
        ),
        migrations.RunSQL(read("money_back"), DROP),
    ]
