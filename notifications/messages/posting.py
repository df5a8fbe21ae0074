"""What a person does with messages: post one, edit it, read them. Knows no page; who is told stands in telling."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from contracts.models import Contract
from contracts.operations._contract import lock, require, require_role
from contracts.operations.files import keep, stored
from contracts.policy import Action, has_role
from contracts.refusals import ContractError, KeyReused, NotAllowed, WrongState
from marketplace import clock
from marketplace.models import User
from notifications.bell import read_messages
from notifications.live import announce
from notifications.models import Conversation, Post, PostFile, ReadMark
from notifications.people import people_of
from notifications.telling import tell_post

EDIT_TIME = timedelta(minutes=10)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
A_MINUTE, AN_HOUR = 20, 200  # messages of one person, on all contracts together


class NothingSaid(ContractError):
    """A message has a text or a file."""

    text = _("Write something, or choose a file.")


class NotSent(WrongState):
    """There is nobody to read it yet."""

    text = _("The offer was not sent yet, so nobody would read this. It is sent as soon as its deposit is paid.")


class TooMany(ContractError):
    """More than a person types."""

    text = _("You posted many messages in a short time. Wait a minute or two, then send this one again.")


class EditTimeOver(WrongState):
    """What was read long ago stays as it was read."""

    text = _("The ten minutes in which a message can be edited are over. Write another one to put it right.")


def may_post(contract: Contract) -> bool:
    """Whether the user for whom `contract` was loaded may post: in every state, once the other side can read it."""
    return has_role(contract, Action.POST) and contract.sent_at is not None


def post_message(*, contract: Contract, by: User, key: UUID, text: str, files: Sequence[UploadedFile] = ()) -> Post:
    """A person writes to the other side. The form with this `key` sent twice posts once.

    Under the contract's lock, so that posts become visible in the order of their ids.
    """
    with stored(files, PostFile) as rows, transaction.atomic():
        contract = lock(contract.pk, by)
        User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)  # one at a time, on whichever contract
        require_role(contract, Action.POST)
        if known := Post.objects.filter(key=key).first():
            return _same(known, contract, by, text)
        _check(contract, by, text, files)
        post = Post.objects.create(contract=contract, key=key, by=by, text=text)
        keep(rows, post=post)
        _remember(post)
        tell_post(post, by)
        return post


@transaction.atomic
def edit_message(*, post: Post, by: User, text: str) -> Post:
    """A person puts right what they wrote a moment ago."""
    contract = lock(post.contract_id, by)
    require(contract, Action.POST)
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    if post.by_id != by.pk:
        raise NotAllowed
    if post.text == text:
        return post
    if not can_be_edited(post, clock.now()):
        raise EditTimeOver
    if not text and not post.files.exists():
        raise NothingSaid
    post.text, post.edited_at = text, clock.now()
    post.save(update_fields=["text", "edited_at"])
    announce(contract.pk, _readers(contract))
    return post


def can_be_edited(post: Post, now: datetime) -> bool:
    """Whether its author may still edit it; what Cairn says of an event nobody edits."""
    return post.by_id is not None and now < post.at + EDIT_TIME


@transaction.atomic
def mark_read(*, contract: Contract, by: User, upto: int) -> None:
    """Somebody has seen the posts up to that one, so the bell need not ring for them. What was read stays read."""
    mark = ReadMark.objects.select_for_update().filter(contract=contract, user=by).first()
    if mark is None:
        mark, _made = ReadMark.objects.get_or_create(contract=contract, user=by)
    mark.upto = max(mark.upto, upto)
    later = Post.objects.filter(contract=contract, pk__gt=mark.upto, by__isnull=False).exclude(by=by)
    mark.unread = later.count()
    mark.save(update_fields=["upto", "unread"])
    read_messages(by, contract.pk, mark.upto)


def _check(contract: Contract, by: User, text: str, files: Sequence[UploadedFile]) -> None:
    if contract.sent_at is None:
        raise NotSent
    if not text and not files:
        raise NothingSaid
    now = clock.now()
    lately = Post.objects.filter(by=by, at__gt=now - HOUR)
    found = lately.aggregate(minute=Count("pk", filter=Q(at__gt=now - MINUTE)), hour=Count("pk"))
    if found["minute"] >= A_MINUTE or found["hour"] >= AN_HOUR:
        raise TooMany


def _same(known: Post, contract: Contract, by: User, text: str) -> Post:
    """The key was used before: for this very message, or it is refused."""
    if (known.contract_id, known.by_id, known.text) != (contract.pk, by.pk, text):
        raise KeyReused
    return known


def _remember(post: Post) -> None:
    """Move the conversation to the top of the inbox, and count one more that everybody else has not read."""
    contract = post.contract
    Conversation.objects.update_or_create(
        contract=contract, defaults={"last": post, "client_id": contract.client_id, "talent_id": contract.talent_id}
    )
    others = [user_id for user_id in _readers(contract) if user_id != post.by_id]
    ReadMark.objects.bulk_create([ReadMark(user_id=each, contract=contract) for each in others], ignore_conflicts=True)
    ReadMark.objects.filter(contract=contract, user__in=others).update(unread=F("unread") + 1)


def _readers(contract: Contract) -> Iterable[int]:
    return [person.user_id for person in people_of(contract)]
