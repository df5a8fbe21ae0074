"""Links as mail carries them, by which it is known who comes: each with what it is answered. Knows three kinds."""

import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.core import signing
from django.urls import reverse

from marketplace.email_change import LASTS, token_for
from marketplace.models import User

LITTLE, MUCH = timedelta(hours=2), timedelta(seconds=LASTS)


def links(user: User) -> Iterator[tuple[str, str, int]]:
    """What it is, its path, and the status of its page for whoever has a clock that is an hour wrong."""
    new = EmailAddress.objects.create(user=user, email=f"new-{user.email}", verified=False)
    for said, ago, status in (
        ("new", timedelta(0), 200), ("nearly too old", MUCH - LITTLE, 200), ("too old", MUCH + LITTLE, 404),
    ):  # fmt: skip
        then = SimpleNamespace(time=lambda ago=ago: time.time() - ago.total_seconds())
        with mock.patch.object(signing, "time", then):
            path = reverse("agree_to_email_change", args=[token_for(new)])
        yield f"a {said} link that agrees to a change of email", path, status
    user.refresh_from_db()  # a link is good until the next time that somebody signs in
    token = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    yield "a link to a new password", f"/accounts/password/reset/key/{token}/", 302
