"""Your data: downloading what is kept of oneself, and closing one's account. Knows no table."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.confirming import confirm_first
from marketplace.limits import TooMany, hold_to
from marketplace.models import User
from marketplace.operations import PeopleError
from marketplace.privacy.erasing import erase
from marketplace.privacy.export import MOST, exported
from marketplace.privacy.letter import Letter
from marketplace.privacy.obstacles import obstacles
from marketplace.security_log import security_event

DATA, CLOSING = "marketplace/own_data.html", "marketplace/closing.html"


@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What is kept of oneself. Answers a page; a POST answers a ZIP, after the password, or the page with 429."""
    if request.method != "POST":
        return render(request, DATA)
    confirm_first(request, keep=False)
    try:
        hold_to(request, "own_data")
    except TooMany as refusal:
        return render(request, DATA, {"problem": str(refusal)}, status=429)
    security_event("own_data_exported", user=request.user.pk)
    named = f'attachment; filename="cairn-{timezone.localdate():%Y-%m-%d}.zip"'
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    return StreamingHttpResponse(exported(request.user, MOST), content_type="application/zip", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """Close one's account, after the password. Answers a page: what goes and what stays, or with 409 why not yet."""
    if request.method != "POST":
        return _page(request, request.user)
    confirm_first(request, keep=False)
    letter = Letter(request.user)
    try:
        erase(person=request.user, by=request.user)
    except PeopleError as refusal:
        return _page(request, request.user, str(refusal), status=409)
    logout(request)
    letter.send()
    messages.success(request, _("Your account is closed, and what was yours alone is erased."))
    response = redirect("marketplace:landing")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _page(request: HttpRequest, user: User, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"obstacles": obstacles(user), "problem": problem}
    return render(request, CLOSING, context, status=status)
