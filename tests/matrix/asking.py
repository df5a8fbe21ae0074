"""One knock at one address, taken back afterwards; and where an address leads in a state. Knows no expectation."""

import re
from collections.abc import Callable
from copy import copy
from functools import cache
from unittest.mock import patch
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.base import Template
from django.test import Client
from django.utils.safestring import SafeString

from tests.inputs import PLACES, filling
from tests.inputs.addresses import routes as all_routes
from tests.inputs.places import Scene
from tests.inputs.reading import Fields, forms_in
from tests.inputs.trying import FORM, undone
from tests.matrix.row import Send, nothing
from tests.matrix.world import World

NAMED = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
MATCHED = re.compile(r"\(\?P<(?P<name>\w+)>[^)]*\)")
CALLED = {
    "notifications:message_file": {"file_id": "message_file_id"},
    "notifications:notice": {"post_id": "notice_id"},
    "marketplace:invitation": {"token": "invitation_token"},
    "notifications:unsubscribe": {"token": "unsubscribe_token"},
    "notifications:mail": {"kind": "mail_kind"},
    "notifications:mail_html": {"kind": "mail_kind"},
    "account_confirm_email": {"key": "token"},
    "account_reset_password_from_key": {"key": "token"},
}
PLACES_BY_LIFE = {place.live.__name__: place for place in PLACES}
KEYS = {"key", "offer_key", "request_key"}
routes = cache(all_routes)


class Browser(Client):
    """For statuses: what an address answers is settled before its page is drawn, and drawing takes most of the time.

    `draws` has it drawn all the same.
    """

    def __init__(self, like: Client, *, draws: bool) -> None:
        super().__init__(raise_request_exception=False)
        self.cookies, self.defaults, self.draws = copy(like.cookies), dict(like.defaults), draws
        self.handler = like.handler  # it loads the middleware once

    def request(self, **request) -> HttpResponse:
        environ = self._base_environ(**request)
        if self.draws:
            return self.handler(environ)
        with patch.object(Template, "_render", lambda *_args: SafeString("")):
            return self.handler(environ)


def ask(
    world: World, actor: str, method: str, address: str, fields=(), *, draws: bool = False,
    before: Callable[[], None] = nothing, **headers: str,
) -> HttpResponse:  # fmt: skip
    """One request, as if it had never been; what `before` does is done just for it."""
    with undone():
        before()
        browser = Browser(world.cast.browsers[actor], draws=draws)
        body = urlencode(list(fields), errors="surrogateescape")
        answer = browser.generic(method, address, body, content_type=FORM if body else "", headers=headers)
        if answer.streaming:
            list(answer.streaming_content)
        return answer


def address(world: World, name: str, actor: str, state: str) -> str:
    """Where the address with this name leads, on the contract of this state that the actor has to do with."""
    return routed(name, world.ids | world.seen_by(actor, state).ids)


def routed(name: str, ids: dict[str, object]) -> str:
    """The route with these ids in it; some addresses call by another name what others have, too."""
    ids = ids | {part: ids[known] for part, known in CALLED.get(name, {}).items()}
    route = MATCHED.sub(r"<\g<name>>", routes()[name]).replace("^", "").replace("$", "")
    return "/" + NAMED.sub(lambda found: str(ids[found["name"]]), route)


def form_for(world: World, name: str, send: Send, actor: str) -> Fields:
    """What the actor would post at home: the form in the page, filled in; only what is typed where there is none."""
    place = PLACES_BY_LIFE.get(send.like)
    if place is None:
        return list(send.typed.items())
    target = address(world, name, actor, send.home) + send.query
    page = address(world, "contracts:" + send.page, actor, send.home) if send.page else target
    shown = ask(world, actor, "GET", page, draws=True, before=send.before)
    scene = Scene(world.cast.browsers[actor], target, form=page if send.page else "")
    typed = send.typed or place.typed
    return filling._filled(filling._chosen(forms_in(shown, page), scene, typed, place.button), typed, place.button)
