"""What a deal came to, in words that know no id: two deals that went the same way have the same outcome.

Contracts, milestones, events, what people were told, journals, payments, invoices, acts of staff, and what the gateway
itself did.
"""

from collections import Counter

from django.db.models import Q

from contracts.models import (
    Contract,
    Dispute,
    Earning,
    Event,
    Invoice,
    Milestone,
    RefundRequest,
    StaffAct,
    Submission,
)
from contracts.tests.dealing import Deal, bank
from escrow.models import Payment, Transfer
from marketplace.models import Party
from notifications.models import Delivery, Post

type Outcome = dict[str, Counter]


def outcome(deal: Deal) -> Outcome:
    """Each kind of thing, with how often it is there."""
    contracts = Contract.objects.filter(client=deal.client)
    sides = {deal.client.pk: "client", deal.talent.pk: "talent"}
    found = {
        "contracts": contracts.values_list("title", "status", "plan_version"),
        "milestones": Milestone.objects.filter(contract__in=contracts).values_list("title", "amount", "status", "paid"),
        "events": Event.objects.filter(contract__in=contracts).values_list("kind", "charged", "paid", "returned"),
        "posts": Post.objects.filter(contract__in=contracts).values_list("event__kind", "audience"),
        "deliveries": Delivery.objects.filter(post__contract__in=contracts).values_list(
            "post__event__kind", "channel", "status", "recipient__memberships__party"
        ),
        "refund requests": RefundRequest.objects.filter(contract__in=contracts).values_list(
            "status", "amount", "counter", "returned"
        ),
        "disputes": Dispute.objects.filter(contract__in=contracts).values_list("status", "paid", "returned"),
        "acts of staff": acts_of_staff(deal, contracts),
        "submissions": Submission.objects.filter(milestone__contract__in=contracts).values_list("number"),
        "earnings": Earning.objects.filter(contract__in=contracts).values_list("kind", "gross", "net"),
        "invoices": Invoice.objects.filter(issuer=deal.talent).values_list("number"),
        "transfers": transfers([deal.client, deal.talent], contracts),
        "payments": Payment.objects.filter(party__in=sides).values_list("direction", "purpose", "amount", "status"),
        "the gateway": at_the_gateway(deal),
    }
    return {name: Counter(tuple(sides.get(each, each) for each in row) for row in rows) for name, rows in found.items()}


def acts_of_staff(deal: Deal, contracts: object) -> object:
    about = Q(dispute__contract__in=contracts) | Q(payment__party=deal.client)
    about |= Q(journal__scope__in=contracts.values("pk"))
    found = StaffAct.objects.filter(about)
    found = found.annotate(is_done=Q(done_at__isnull=False), had_two=Q(approved_by__isnull=False))
    return found.values_list("kind", "amount", "is_done", "had_two")


def transfers(parties: list[Party], contracts: object) -> object:
    scopes = contracts.values("pk")
    ours = Q(debit__party__in=parties) | Q(credit__party__in=parties)
    ours |= Q(debit__scope__in=scopes) | Q(credit__scope__in=scopes)
    return Transfer.objects.filter(ours).values_list("journal__cause", "debit__kind", "credit__kind", "amount")


def at_the_gateway(deal: Deal) -> list[tuple[str, str, str]]:
    """What it says that it did for these two, whatever we believe."""
    keys = set(map(str, Payment.objects.filter(party__in=[deal.client, deal.talent]).values_list("pk", flat=True)))
    return [(each["direction"], each["amount"], each["state"]) for each in bank().movements() if each["key"] in keys]


def differences(expected: Outcome, found: Outcome) -> list[str]:
    """What is missing and what is too much, one sentence each."""
    said = []
    for name, rows in expected.items():
        said += [f"{name}: missing {row} ({count})" for row, count in (rows - found[name]).items()]
        said += [f"{name}: too much {row} ({count})" for row, count in (found[name] - rows).items()]
    return said


def lost_and_doubled(expected: Outcome, found: Outcome) -> tuple[bool, bool]:
    """Whether money or its event is missing, and whether some is there more often than it should be."""
    names = ("transfers", "payments", "the gateway", "events", "posts")
    missing = any(expected[name] - found[name] for name in names)
    return missing, any(found[name] - expected[name] for name in names)
