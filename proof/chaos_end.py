"""After the chaos: what is due is done and told, and the gateway's record and the mail are compared with the books."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count

from contracts import timers
from contracts.models import Event
from contracts.tests.dealing import bank, hear
from escrow import ledger
from escrow.models import Journal, Kind, Payment
from marketplace import clock
from notifications import tasks
from notifications.models import Channel, Delivery, Post
from notifications.queue import LEASE
from notifications.tests.dying import to_server
from proof.faults import Site

ROUNDS = 3


def work_off(site: Site) -> None:
    """What a worker would do in the next minutes, with mail that is taken. The gateway's calls arrive, late."""
    hear()
    for _round in range(ROUNDS):
        clock.advance(LEASE + timedelta(minutes=1))
        timers.sweep()
        tasks.tell_forgotten()
        send(site)


def send(site: Site) -> None:
    """Over the same server as the worker's."""
    settings.MAILERS = to_server(site.office.port)
    while tasks.send_due():
        pass


def complaints(site: Site) -> list[str]:
    """One sentence for each thing that does not agree."""
    return [*gateway(), *told_once(), *mailed(site)]


def gateway() -> list[str]:
    """What went through the gateway is what came from and went to the outside, to the cent; each payment once."""
    moved = Counter()
    for each in bank().movements():
        moved[each["direction"]] += Decimal(each["amount"]) * (each["state"] == "confirmed")
    there = moved["charge"] - moved["refund"] - moved["payout"]
    said = [] if -ledger.balance(Kind.OUTSIDE) == there else [f"The gateway moved {there}, the books say otherwise."]
    keys = Counter(each["key"] for each in bank().movements() if each["state"] == "confirmed")
    ours = set(map(str, Payment.objects.exclude(settled_at=None).values_list("pk", flat=True)))
    booked = set(Journal.objects.values_list("key", flat=True))
    said += [f"The gateway knows {key}, we do not." for key in keys.keys() - ours]
    return said + [f"Nothing is booked for {key}." for key in keys if not any(f"{way}:{key}" in booked for way in WAYS)]


WAYS = ("charge", "refund", "payout")


def told_once() -> list[str]:
    """Each event has one post, whoever died while it was told."""
    untold = Event.objects.filter(told_at=None).count()
    posts = Post.objects.exclude(event=None).count()
    said = [f"{untold} events were never told."] if untold else []
    twice = Delivery.objects.values("post", "recipient", "channel").annotate(n=Count("pk")).filter(n__gt=1).count()
    said += [f"{twice} deliveries are there twice."] if twice else []
    events = Event.objects.count()
    return said + ([f"{events} events have {posts} posts."] if events != posts else [])


def mailed(site: Site) -> list[str]:
    """Every email arrived, each under the one Message-ID of its delivery, however often it was tried."""
    emails = Delivery.objects.filter(channel=Channel.EMAIL)
    waiting = emails.filter(status="waiting").count()
    sent = {f"<{mail}@localhost>" for mail in emails.filter(status="sent").values_list("mail", flat=True)}
    arrived = {mail["Message-ID"] for mail in [*site.office.taken, *site.office.seen]}
    said = [f"{waiting} emails still wait."] if waiting else []
    said += [f"{len(sent - arrived)} emails never arrived."] if sent - arrived else []
    strange = arrived - {f"<{mail}@localhost>" for mail in emails.values_list("mail", flat=True)}
    return said + ([f"{len(strange)} emails arrived under a Message-ID of nobody's."] if strange else [])
