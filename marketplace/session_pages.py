"""The sessions in which somebody is signed in: seen by them, and ended, one or all others. Knows no other page."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from marketplace import sessions
from marketplace.confirming import confirm_first
from marketplace.security_log import security_event

# What browsers say of themselves, the more particular before those that they imitate.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS X": "Mac",
    "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Where one is signed in. Answers a page; a POST ends the one named, or all others, after the password."""
    mine = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        confirm_first(request)
        return _end(request, [session for session in mine if not session.is_current()])
    shown = [{"session": each, "device": device(each.user_agent)} for each in sorted(mine, key=_newest_first)]
    return render(request, "marketplace/sessions.html", {"sessions": shown, "others": len(mine) > 1})


def device(agent: str) -> str:
    """The browser and the machine, as far as it is known."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), _("Unknown browser"))
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser


def _end(request: HttpRequest, others: list[UserSession]) -> HttpResponse:
    one = request.POST.get("session", "")
    chosen = [each for each in others if one in {"", str(each.pk)}]
    if one and not chosen:
        raise Http404
    sessions.end(chosen)
    security_event("sessions_ended", user=request.user.pk, count=len(chosen))
    text = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", len(chosen))
    messages.success(request, text % {"count": len(chosen)})
    return redirect("sessions")


def _newest_first(session: UserSession) -> tuple:
    return not session.is_current(), -session.last_seen_at.timestamp()
