"""What tests of messages need: to write one by the operation, the pages, and what stands on them."""

import uuid
from xml.etree.ElementTree import Element

from django.http import HttpResponse
from django.test import Client

from contracts.models import Contract
from contracts.tests.browsing import HTMX, fields_in, ids, read, text, with_class
from contracts.tests.visiting import signed_in
from marketplace.models import User
from notifications.messages.posting import post_message
from notifications.models import Post
from tests.factories import Agreed


def write(world: Agreed, by: User, words: str = "Hello", **more: object) -> Post:
    return post_message(contract=world.contract, by=by, **{"key": uuid.uuid4(), "text": words} | more)


def at(contract: Contract, page: str = "") -> str:
    return f"/contracts/{contract.pk}/messages/{page}"


def form_of(answer: HttpResponse) -> dict[str, str]:
    """What the form on the page would post, with the fields that belong to it by their `form` attribute."""
    root = read(answer)
    (form,) = [each for each in root.iter("form") if each.get("id") == "message-form"]
    inside = dict(fields_in(form))
    return inside | {each.get("name"): each.get("value") for each in root.iter("input") if each.get("form")}


def send(browser: Client, contract: Contract, *, htmx: bool = False, **typed: object) -> HttpResponse:
    """Open the page, fill the form in and send it."""
    form = form_of(browser.get(at(contract))) | typed
    return browser.post(at(contract), form, headers=HTMX if htmx else {})


def items(root: Element, name: str = "post") -> list[str]:
    """The posts in their order, each as it reads."""
    return [text(item) for item in with_class(root, name)]


def room_of(user: User, contract: Contract) -> Element:
    return read(signed_in(user).get(at(contract)))


def ids_on(user: User, contract: Contract) -> frozenset[str]:
    return ids(room_of(user, contract))
