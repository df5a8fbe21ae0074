"""How somebody wants to be told: the settings page, and the link in an email that stops more like it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from marketplace.models import User
from notifications.forms import WishesForm
from notifications.links import read_token
from notifications.wishes import silence, wish, wishes


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What can be put off, by topic and channel, and what cannot. Answers a page; a refusal is the page, with 422."""
    form = WishesForm(request.POST if request.method == "POST" else None, wishes=wishes(request.user))
    if form.is_valid():
        for topic, wished in form.wishes.items():
            wish(by=request.user, topic=topic, email=wished.email, bell=wished.bell)
        messages.success(request, _("Your choices are saved."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form}, status=422 if form.is_bound else 200)


@csrf_exempt  # a mail program posts it by itself, with no page before; the token says whose it is
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop emails of a topic, or of all those of a digest, without signing in.

    Answers a page; 404 for a token that Cairn did not make.
    """
    try:
        user_id, topics = read_token(token)
    except (BadSignature, ValueError):
        raise Http404 from None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    for topic in topics if request.method == "POST" and user else ():
        silence(by=user, topic=topic)
    context = {"topic": get_text_list([topic.label for topic in topics], _("and")), "is_done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)
