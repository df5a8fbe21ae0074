"""A dispute about money that a bank took back is decided too, and moves nothing."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0016_admin_lists'),
        ('escrow', '0007_admin_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='staffact',
            name='act_amount_when_it_moves_money',
        ),
        migrations.RemoveConstraint(
            model_name='staffact',
            name='act_posted_once_it_moved',
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind__in', ['refund', 'reverse'])), models.Q(('amount__gte', 0), ('kind', 'decide')), models.Q(models.Q(('kind__in', ['decide', 'refund', 'reverse']), _negated=True), ('amount', 0)), _connector='OR'), name='act_amount_when_it_moves_money'),
        ),
        migrations.AddConstraint(
            model_name='staffact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('done_at__isnull', False), ('posted__isnull', False)), models.Q(models.Q(('amount__gt', 0), ('done_at__isnull', False), _negated=True), ('posted', None)), _connector='OR'), name='act_posted_once_it_moved'),
        ),
    ]
