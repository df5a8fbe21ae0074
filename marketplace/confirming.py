"""Asking once more whether it is you: before money leaves, before where it goes is changed, before a sign-in changes.

Who typed the password, or a code, within ACCOUNT_REAUTHENTICATION_TIMEOUT goes on. Anybody else is led to that page
and back; what they had typed waits in their session, so that the form comes back filled. Knows no form.
"""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

KEPT = "kept_form"
MOST_KEPT = 20_000  # characters; nothing that asks for this has more
NEVER_KEPT = ("csrfmiddlewaretoken", "password")


class NotConfirmed(Exception):
    """Nothing was done; the middleware leads to the page that asks, and from there back."""

    def __init__(self, back: str = "") -> None:
        super().__init__(back)
        self.back = back


def confirm_first(request: HttpRequest, *, keep: bool = True, back: str = "") -> None:
    """Go on only if this person showed lately who they are. Call it once they were found to be allowed.

    With `keep=False` what was typed is not written down anywhere: it has to be typed again. `back` is the page to come
    back to, where it is not this one. Raises NotConfirmed.
    """
    if did_recently_reauthenticate(request):
        return
    if keep and request.method == "POST":
        _keep(request, back or request.path)
    raise NotConfirmed(back)


def kept(request: HttpRequest) -> dict[str, str] | None:
    """What was typed on this very page before it was asked, once; as a form's `initial`."""
    found = request.session.get(KEPT)
    if not found or found["path"] != request.path or request.method != "GET":
        return None
    del request.session[KEPT]
    return QueryDict(found["fields"]).dict()


def to_confirmation(request: HttpRequest, back: str) -> HttpResponse:
    """The page that asks, and back: to htmx it is the whole page that goes there."""
    back = back or (asked_from(request) if request.htmx else request.get_full_path())
    address = f"{get_adapter().get_reauthentication_methods(request.user)[0]['url']}?{urlencode({'next': back})}"
    if request.htmx:
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def asked_from(request: HttpRequest) -> str:
    """The page that htmx says it asked from; the start for what is no address, or one of another site."""
    try:
        return request.htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"


def _keep(request: HttpRequest, path: str) -> None:
    fields = request.POST.copy()
    for name in NEVER_KEPT:
        fields.pop(name, None)
    text = fields.urlencode()
    if len(text) <= MOST_KEPT:
        request.session[KEPT] = {"path": path, "fields": text}
