"""Staff in tests: people with an authenticator app, and browsers in which they typed its code. Knows sessions."""

import time
from collections.abc import MutableMapping

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from marketplace.models import User
from tests.factories import UserFactory
from tests.web import signed_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def staff(group: str = "", *, superuser: bool = False) -> User:
    """One of the staff, in this group if it is named, with codes set up."""
    user = UserFactory.create(is_staff=True, is_superuser=superuser)
    if group:
        user.groups.add(Group.objects.get(name=group))
    with_codes(user)
    return user


def with_codes(user: User) -> None:
    """They have an authenticator app, if they had none."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, SECRET)


def code(secret: str = SECRET) -> str:
    """What the app shows now."""
    _before, now, _after = yield_hotp_counters_from_time()
    return f"{hotp_value(secret, now):06}"


def at_work(user: User) -> Client:
    """A browser in which this user signed in with a code a moment ago."""
    with_codes(user)
    browser = Client()
    browser.force_login(user)
    session = browser.session
    typed(session, user)
    session.save()
    return browser


def typed(session: MutableMapping, user: User, *, ago: float = 0) -> None:
    """Write into the session that a code was typed so many seconds ago, as signing in does."""
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    typed = {"method": "mfa", "at": time.time() - ago, "type": "totp", "reauthenticated": True}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [typed]


def with_code(user: User) -> str:
    """A new session of this user's in which they typed a code a moment ago, by its key."""
    with_codes(user)
    session = SessionStore(signed_in(user))
    typed(session, user)
    session.save()
    return session.session_key
