"""People with a browser, and with an address that they confirmed, for tests of teams."""

from allauth.account.models import EmailAddress
from django.test import Client

from marketplace.models import User
from tests.factories import UserFactory


def browser(user: User | None = None) -> Client:
    found = Client()
    if user:
        found.force_login(user)
    return found


def confirmed(email: str) -> User:
    user = UserFactory.create(email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
