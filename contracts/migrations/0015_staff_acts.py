"""What staff do about money and accounts, kept for good; frozen contracts; releases that were reversed."""

import django.db.models.deletion
import escrow.money
import marketplace.clock
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from contracts.sql import read

ROLE = f'"{settings.APPLICATION_ROLE}"'
DROP = """
DROP VIEW contracts_act_mismatch;
DROP TRIGGER act_kept ON contracts_staffact;
DROP TRIGGER act_stays ON contracts_staffact;
"""
# What was asked for is written once; who agreed or refused, and what came of it, is added to it once (the trigger).
RIGHTS = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON contracts_staffact FROM {ROLE};
GRANT UPDATE (approved_by_id, approved_at, refused_by_id, refused_at, refusal, done_at, posted_id)
    ON contracts_staffact TO {ROLE};
"""
RIGHTS_BEFORE = f"GRANT UPDATE, DELETE ON contracts_staffact TO {ROLE}"

class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0014_disputes'),
        ('escrow', '0005_no_capture'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StaffAct',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('decide', 'decide a dispute'), ('reverse', 'reverse a release'), ('refund', 'send a refund again'), ('freeze', 'freeze a contract'), ('unfreeze', 'unfreeze a contract'), ('suspend', 'suspend a user'), ('reinstate', 'reinstate a user')], max_length=9, verbose_name='act')),
                ('to_talent', escrow.money.MoneyField(decimal_places=2, max_digits=12, null=True, verbose_name='to the talent')),
                ('amount', escrow.money.MoneyField(decimal_places=2, default=Decimal('0.00'), max_digits=12, verbose_name='amount')),
                ('effect', models.JSONField(default=list, verbose_name='effect')),
                ('reason', models.TextField(max_length=5000, verbose_name='reason')),
                ('limit', escrow.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='second person above')),
                ('requested_at', models.DateTimeField(db_default=marketplace.clock.Now(), editable=False, verbose_name='asked for')),
                ('approved_at', models.DateTimeField(null=True, verbose_name='approved')),
                ('refused_at', models.DateTimeField(null=True, verbose_name='refused')),
                ('refusal', models.TextField(blank=True, max_length=5000, verbose_name='why it was refused')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
            ],
            options={
                'verbose_name': 'staff act',
                'verbose_name_plural': 'staff acts',
            },
        ),
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_valid',
        ),
        migrations.AddField(
            model_name='contract',
            name='frozen_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='frozen'),
        ),
        migrations.AddField(
            model_name='earning',
            name='reversal',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='escrow.journal', verbose_name='reversed by'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('offer_sent', 'offer sent'), ('offer_changed', 'offer changed'), ('offer_accepted', 'offer accepted'), ('offer_declined', 'offer declined'), ('offer_withdrawn', 'offer withdrawn'), ('offer_expired', 'offer expired'), ('plan_saved', 'plan saved'), ('milestone_added', 'milestone added'), ('milestone_funded', 'milestone funded'), ('funding_failed', 'funding failed'), ('work_submitted', 'work submitted'), ('changes_requested', 'changes requested'), ('review_reminder', 'review reminder'), ('released', 'released'), ('bonus_paid', 'bonus paid'), ('refund_requested', 'refund requested'), ('refund_approved', 'refund approved'), ('refund_countered', 'refund countered'), ('refund_lapsed', 'refunded without an answer'), ('counter_accepted', 'counter accepted'), ('counter_lapsed', 'settled without an answer'), ('money_back_asked', 'money asked back'), ('money_back_agreed', 'money given back'), ('money_back_declined', 'money not given back'), ('money_back_withdrawn', 'request for money back withdrawn'), ('money_back_over', 'request for money back over'), ('dispute_opened', 'dispute opened'), ('dispute_withdrawn', 'dispute withdrawn'), ('dispute_decided', 'dispute decided'), ('split_offered', 'split offered'), ('split_withdrawn', 'split withdrawn'), ('split_accepted', 'split accepted'), ('release_reversed', 'release reversed'), ('contract_frozen', 'contract frozen'), ('contract_unfrozen', 'contract let go on'), ('contract_ended', 'contract ended'), ('charged_back', 'charge taken back by the bank'), ('request_sent', 'change request sent'), ('request_revised', 'change request revised'), ('request_countered', 'change request sent back'), ('request_withdrawn', 'change request withdrawn'), ('request_accepted', 'change request accepted'), ('request_partly_accepted', 'change request partly accepted'), ('request_declined', 'change request declined'), ('request_superseded', 'change request superseded'), ('request_reminder', 'reminder of a change request'), ('proposal_sent', 'contract proposed'), ('proposal_accepted', 'proposed contract accepted'), ('proposal_declined', 'proposed contract declined'), ('proposal_withdrawn', 'proposed contract withdrawn'), ('feedback_given', 'feedback given'), ('feedback_revealed', 'feedback revealed'), ('members_assigned', 'members assigned')], max_length=32, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['offer_sent', 'offer_changed', 'offer_accepted', 'offer_declined', 'offer_withdrawn', 'offer_expired', 'plan_saved', 'milestone_added', 'milestone_funded', 'funding_failed', 'work_submitted', 'changes_requested', 'review_reminder', 'released', 'bonus_paid', 'refund_requested', 'refund_approved', 'refund_countered', 'refund_lapsed', 'counter_accepted', 'counter_lapsed', 'money_back_asked', 'money_back_agreed', 'money_back_declined', 'money_back_withdrawn', 'money_back_over', 'dispute_opened', 'dispute_withdrawn', 'dispute_decided', 'split_offered', 'split_withdrawn', 'split_accepted', 'release_reversed', 'contract_frozen', 'contract_unfrozen', 'contract_ended', 'charged_back', 'request_sent', 'request_revised', 'request_countered', 'request_withdrawn', 'request_accepted', 'request_partly_accepted', 'request_declined', 'request_superseded', 'request_reminder', 'proposal_sent', 'proposal_accepted', 'proposal_declined', 'proposal_withdrawn', 'feedback_given', 'feedback_revealed', 'members_assigned'])), name='event_kind_valid'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='contract',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='contracts.contract', verbose_name='contract'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='dispute',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='contracts.dispute', verbose_name='dispute'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='journal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='escrow.journal', verbose_name='journal'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='payment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='escrow.payment', verbose_name='payment'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='posted',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='act', to='escrow.journal', verbose_name='posted'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='refused_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='refused by'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by'),
        ),
        migrations.AddField(
            model_name='staffact',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts_about', to=settings.AUTH_USER_MODEL, verbose_name='user'),
        ),
        migrations.AddIndex(
            model_name='staffact',
            index=models.Index(condition=models.Q(('done_at', None), ('refused_at', None)), fields=['requested_at'], name='act_waiting'),
        ),
        migrations.AddIndex(
            model_name='staffact',
            index=models.Index(fields=['-requested_at', '-id'], name='act_latest'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['decide', 'reverse', 'refund', 'freeze', 'unfreeze', 'suspend', 'reinstate'])), name='act_kind_valid'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contract__isnull', True), ('dispute__isnull', False), ('journal__isnull', True), ('kind__in', ['decide']), ('payment__isnull', True), ('user__isnull', True)), models.Q(('contract__isnull', True), ('dispute__isnull', True), ('journal__isnull', False), ('kind__in', ['reverse']), ('payment__isnull', True), ('user__isnull', True)), models.Q(('contract__isnull', True), ('dispute__isnull', True), ('journal__isnull', True), ('kind__in', ['refund']), ('payment__isnull', False), ('user__isnull', True)), models.Q(('contract__isnull', False), ('dispute__isnull', True), ('journal__isnull', True), ('kind__in', ['freeze', 'unfreeze']), ('payment__isnull', True), ('user__isnull', True)), models.Q(('contract__isnull', True), ('dispute__isnull', True), ('journal__isnull', True), ('kind__in', ['reinstate', 'suspend']), ('payment__isnull', True), ('user__isnull', False)), _connector='OR'), name='act_names_its_target'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='act_reason_given'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'decide'), ('to_talent__gte', 0), ('to_talent__isnull', False)), models.Q(models.Q(('kind', 'decide'), _negated=True), ('to_talent', None)), _connector='OR'), name='act_divides_when_it_decides'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind__in', ['decide', 'refund', 'reverse'])), models.Q(models.Q(('kind__in', ['decide', 'refund', 'reverse']), _negated=True), ('amount', 0)), _connector='OR'), name='act_amount_when_it_moves_money'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(('limit__gte', 0)), name='act_limit_not_below_zero'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('requested_by')), _negated=True), _connector='OR'), name='act_second_person_is_another'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('done_at__isnull', False)), _connector='OR'), name='act_approved_whole'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refusal', ''), ('refused_at', None), ('refused_by', None)), models.Q(('done_at', None), ('refused_at__isnull', False), ('refused_by__isnull', False), models.Q(('refusal', ''), _negated=True)), _connector='OR'), name='act_refused_whole'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__lte', models.F('limit')), ('approved_by', None), ('done_at__isnull', False)), models.Q(('amount__gt', models.F('limit')), models.Q(('done_at', None), ('approved_by__isnull', False), _connector='OR')), _connector='OR'), name='act_above_the_limit_takes_two'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('kind__in', ['decide', 'refund', 'reverse']), ('posted__isnull', False)), models.Q(models.Q(('done_at__isnull', False), ('kind__in', ['decide', 'refund', 'reverse']), _negated=True), ('posted', None)), _connector='OR'), name='act_posted_once_it_moved'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at', None), ('refused_at', None)), fields=('dispute',), name='act_one_waiting_for_dispute'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at', None), ('refused_at', None)), fields=('journal',), name='act_one_waiting_for_journal'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at', None), ('refused_at', None)), fields=('payment',), name='act_one_waiting_for_payment'),
        ),
        migrations.RunSQL(read("staff_acts"), DROP),
        migrations.RunSQL(RIGHTS, RIGHTS_BEFORE),
    ]
