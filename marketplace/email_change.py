"""Changing the email that somebody signs in with: agreed to from the old one first, then confirmed from the new one.

Only the link in the mail to the old address sends the mail to the new one, and only that one's link changes anything:
who has got hold of a session has neither. Knows mails and links; the library does the change itself.
"""

from hashlib import sha256

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, get_emailconfirmation_model
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from marketplace.limits import TooMany, spend
from marketplace.security_log import security_event

SALT = "marketplace.email_change"
LASTS = 3 * 24 * 60 * 60  # seconds, as the library's own link
PAGE = "account/email_agreement.html"


def is_change(address: EmailAddress) -> bool:
    """Whether this address would take the place of one that its owner can already be reached at."""
    return address.pk is not None and old_of(address) is not None


def old_of(address: EmailAddress) -> EmailAddress | None:
    others = EmailAddress.objects.filter(user_id=address.user_id, verified=True, primary=True)
    return others.exclude(pk=address.pk).first()


def ask_the_old_one(request: HttpRequest, address: EmailAddress) -> None:
    """Mail a link to the old address, with which it agrees to the new one."""
    old = old_of(address)
    path = reverse("agree_to_email_change", args=[token_for(address)])
    context = {"user": address.user, "new": address.email, "agree_url": request.build_absolute_uri(path)}
    get_adapter().send_mail("account/email/email_agreement", old.email, context)
    security_event("email_change_asked", user=address.user_id)


def token_for(address: EmailAddress) -> str:
    """Names the address by its id and a digest: a link is not to say whose email it is about."""
    return signing.dumps([address.pk, _digest(address)], salt=SALT)


def address_of(token: str) -> EmailAddress | None:
    """The new address that this link agrees to; None once it is confirmed, taken back or too old."""
    try:
        pk, digest = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    address = EmailAddress.objects.select_related("user").filter(pk=pk, verified=False).first()
    holds = address and digest == _digest(address) and address.user.is_active and is_change(address)
    return address if holds else None


def _digest(address: EmailAddress) -> str:
    return sha256(address.email.encode()).hexdigest()[:16]


@login_not_required  # the mail may be read on another device
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, token: str) -> HttpResponse:
    """The old address's answer to a change. Answers a page; with 404 for a link that does not hold any more."""
    address = address_of(token)
    if address is None:
        return render(request, PAGE, status=404)
    context = {"new": address.email, "old": old_of(address).email}
    if request.method != "POST":
        return render(request, PAGE, context)
    try:
        spend("email_changes", address.user_id)
    except TooMany as refusal:
        request.retry_after = refusal.wait
        return render(request, PAGE, context | {"problem": str(refusal)}, status=429)
    confirmation = get_emailconfirmation_model().create(address)
    get_adapter().send_to_new_address(request, confirmation)
    security_event("email_change_agreed", user=address.user_id)
    return render(request, PAGE, context | {"is_agreed": True})
