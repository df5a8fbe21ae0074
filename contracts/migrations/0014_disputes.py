"""Disputes to their end: splits offered and accepted, withdrawal, decision (contracts/sql/disputes.sql)."""

import django.db.models.deletion
import escrow.money
import marketplace.clock
import uuid
from django.conf import settings
from django.db import migrations, models

from contracts.sql import read

DROP = """
DROP TRIGGER split_frozen ON contracts_splitoffer;
DROP TRIGGER dispute_frozen ON contracts_dispute;
DROP TRIGGER journal_under_dispute ON escrow_journal;
DROP FUNCTION contracts_dispute_freezes;
DROP TRIGGER refund_request_agrees ON contracts_refundrequest;
DROP TRIGGER split_agrees ON contracts_splitoffer;
DROP TRIGGER dispute_agrees ON contracts_dispute;
DROP FUNCTION contracts_dispute_matches;
DROP VIEW contracts_dispute_mismatch;
"""
# Which side opened a dispute, and about which milestone, was read from its event and its opener until now.
FILL = """
UPDATE contracts_dispute AS dispute SET
    from_client = EXISTS (
        SELECT FROM marketplace_membership AS membership JOIN contracts_contract AS contract ON contract.client_id = party_id
        WHERE contract.id = dispute.contract_id AND user_id = dispute.by_id
    ),
    milestone_id = CASE WHEN refund_request_id IS NULL THEN (
        SELECT milestone_id FROM contracts_event AS event
        WHERE event.contract_id = dispute.contract_id AND kind = 'dispute_opened' ORDER BY event.id DESC LIMIT 1
    ) END;
SET CONSTRAINTS ALL IMMEDIATE;
"""
ROLE = f'"{settings.APPLICATION_ROLE}"'
# What was disputed and offered is written once; the application's role can only bring it to its end.
RIGHTS = f"""
REVOKE UPDATE, DELETE, TRUNCATE ON contracts_dispute, contracts_splitoffer FROM {ROLE};
GRANT UPDATE (status, closed_at, closed_by_id, paid, returned, decision) ON contracts_dispute TO {ROLE};
GRANT UPDATE (status, closed_at, closed_by_id) ON contracts_splitoffer TO {ROLE};
"""
RIGHTS_BEFORE = f"GRANT UPDATE, DELETE ON contracts_dispute, contracts_splitoffer TO {ROLE}"


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0013_requests_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SplitOffer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('from_client', models.BooleanField(verbose_name='from the client')),
                ('to_talent', escrow.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='to the talent')),
                ('to_client', escrow.money.MoneyField(decimal_places=2, max_digits=12, verbose_name='to the client')),
                ('note', models.TextField(blank=True, max_length=5000, verbose_name='note')),
                ('at', models.DateTimeField(db_default=marketplace.clock.Now(), editable=False, verbose_name='at')),
                ('status', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('replaced', 'replaced by a newer one'), ('withdrawn', 'withdrawn'), ('over', 'over with the dispute')], default='open', max_length=9, verbose_name='status')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
            ],
            options={
                'verbose_name': 'offer of a split',
                'verbose_name_plural': 'offers of a split',
                'ordering': ['dispute', 'at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='event',
            name='event_kind_valid',
        ),
        migrations.AddField(
            model_name='dispute',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='decision',
            field=models.TextField(blank=True, max_length=5000, verbose_name='decision'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='from_client',
            field=models.BooleanField(default=False, verbose_name='from the client'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='dispute',
            name='milestone',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='contracts.milestone', verbose_name='milestone'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='paid',
            field=escrow.money.MoneyField(decimal_places=2, max_digits=12, null=True, verbose_name='paid'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='returned',
            field=escrow.money.MoneyField(decimal_places=2, max_digits=12, null=True, verbose_name='returned'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='status',
            field=models.CharField(choices=[('open', 'open'), ('settled', 'settled by both sides'), ('withdrawn', 'withdrawn'), ('decided', 'decided by staff')], default='open', max_length=9, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='dispute',
            name='refund_request',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='contracts.refundrequest', verbose_name='refund request'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('offer_sent', 'offer sent'), ('offer_changed', 'offer changed'), ('offer_accepted', 'offer accepted'), ('offer_declined', 'offer declined'), ('offer_withdrawn', 'offer withdrawn'), ('offer_expired', 'offer expired'), ('plan_saved', 'plan saved'), ('milestone_added', 'milestone added'), ('milestone_funded', 'milestone funded'), ('funding_failed', 'funding failed'), ('work_submitted', 'work submitted'), ('changes_requested', 'changes requested'), ('review_reminder', 'review reminder'), ('released', 'released'), ('bonus_paid', 'bonus paid'), ('refund_requested', 'refund requested'), ('refund_approved', 'refund approved'), ('refund_countered', 'refund countered'), ('refund_lapsed', 'refunded without an answer'), ('counter_accepted', 'counter accepted'), ('counter_lapsed', 'settled without an answer'), ('money_back_asked', 'money asked back'), ('money_back_agreed', 'money given back'), ('money_back_declined', 'money not given back'), ('money_back_withdrawn', 'request for money back withdrawn'), ('money_back_over', 'request for money back over'), ('dispute_opened', 'dispute opened'), ('dispute_withdrawn', 'dispute withdrawn'), ('dispute_decided', 'dispute decided'), ('split_offered', 'split offered'), ('split_withdrawn', 'split withdrawn'), ('split_accepted', 'split accepted'), ('contract_ended', 'contract ended'), ('charged_back', 'charge taken back by the bank'), ('request_sent', 'change request sent'), ('request_revised', 'change request revised'), ('request_countered', 'change request sent back'), ('request_withdrawn', 'change request withdrawn'), ('request_accepted', 'change request accepted'), ('request_partly_accepted', 'change request partly accepted'), ('request_declined', 'change request declined'), ('request_superseded', 'change request superseded'), ('request_reminder', 'reminder of a change request'), ('proposal_sent', 'contract proposed'), ('proposal_accepted', 'proposed contract accepted'), ('proposal_declined', 'proposed contract declined'), ('proposal_withdrawn', 'proposed contract withdrawn'), ('feedback_given', 'feedback given'), ('feedback_revealed', 'feedback revealed'), ('members_assigned', 'members assigned')], max_length=32, verbose_name='kind'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(fields=('refund_request', 'from_client'), name='dispute_once_a_side'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'settled', 'withdrawn', 'decided'])), name='dispute_status_valid'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('milestone__isnull', False), ('refund_request', None)), models.Q(('milestone', None), ('refund_request__isnull', False)), _connector='OR'), name='dispute_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('decision', ''), ('paid', None), ('returned', None), ('status', 'open')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('decision', ''), ('paid', None), ('returned', None), ('status', 'withdrawn')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('paid__gte', 0), ('paid__isnull', False), ('returned__gte', 0), ('returned__isnull', False), ('decision', ''), ('status', 'settled')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('paid__gte', 0), ('paid__isnull', False), ('returned__gte', 0), ('returned__isnull', False), ('status', 'decided'), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='dispute_closed_whole'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['offer_sent', 'offer_changed', 'offer_accepted', 'offer_declined', 'offer_withdrawn', 'offer_expired', 'plan_saved', 'milestone_added', 'milestone_funded', 'funding_failed', 'work_submitted', 'changes_requested', 'review_reminder', 'released', 'bonus_paid', 'refund_requested', 'refund_approved', 'refund_countered', 'refund_lapsed', 'counter_accepted', 'counter_lapsed', 'money_back_asked', 'money_back_agreed', 'money_back_declined', 'money_back_withdrawn', 'money_back_over', 'dispute_opened', 'dispute_withdrawn', 'dispute_decided', 'split_offered', 'split_withdrawn', 'split_accepted', 'contract_ended', 'charged_back', 'request_sent', 'request_revised', 'request_countered', 'request_withdrawn', 'request_accepted', 'request_partly_accepted', 'request_declined', 'request_superseded', 'request_reminder', 'proposal_sent', 'proposal_accepted', 'proposal_declined', 'proposal_withdrawn', 'feedback_given', 'feedback_revealed', 'members_assigned'])), name='event_kind_valid'),
        ),
        migrations.AddField(
            model_name='splitoffer',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='splitoffer',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by'),
        ),
        migrations.AddField(
            model_name='splitoffer',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='splits', to='contracts.dispute', verbose_name='dispute'),
        ),
        migrations.AddConstraint(
            model_name='splitoffer',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('dispute', 'from_client'), name='split_one_open_a_side'),
        ),
        migrations.AddConstraint(
            model_name='splitoffer',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'accepted')), fields=('dispute',), name='split_one_accepted'),
        ),
        migrations.AddConstraint(
            model_name='splitoffer',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'accepted', 'replaced', 'withdrawn', 'over'])), name='split_status_valid'),
        ),
        migrations.AddConstraint(
            model_name='splitoffer',
            constraint=models.CheckConstraint(condition=models.Q(('to_client__gte', 0), ('to_talent__gte', 0), models.Q(('to_client', 0), ('to_talent', 0), _negated=True)), name='split_divides_something'),
        ),
        migrations.AddConstraint(
            model_name='splitoffer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='split_closed_whole'),
        ),
        migrations.RunSQL(read("disputes"), DROP),
        migrations.RunSQL(RIGHTS, RIGHTS_BEFORE),
    ]
