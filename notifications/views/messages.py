"""A contract's Messages: reading them, posting one, putting one right, and the files that came with them."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import reswap, retarget

from contracts.file_types import FileRefused
from contracts.models import Contract
from contracts.policy import Action
from contracts.reading.cursors import EPOCH, MICROSECOND, read_number
from contracts.refusals import ContractError, KeyReused
from contracts.views.answers import hold_to, refused
from contracts.views.files import attachment
from contracts.views.room import allowed_contract, visible_contract
from marketplace import clock
from notifications.messages import conversation
from notifications.messages.forms import EditForm, MessageForm
from notifications.messages.posting import TooMany, edit_message, mark_read, may_post, post_message
from notifications.messages.wishes import hint_for
from notifications.models import Post, PostFile

PAGE, NEW = "notifications/messages.html", "notifications/messages_new.html"
TOO_MANY = 429


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def messages(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Messages and the form. Answers a page; to htmx the posts before the one named, or a post that was just made."""
    contract = visible_contract(request, contract_id)
    if request.method == "POST":
        return _post(request, allowed_contract(request, contract_id, Action.POST))
    before, seen = (read_number(request.GET.get(name, "")) for name in ("before", "seen"))
    if before is None:
        return _page(request, contract, MessageForm())
    page = conversation.earlier(contract, request.user, before, seen or 0)
    context = {"contract": contract, "page": page, "seen": seen or 0, "before": before}
    return render(request, f"{PAGE}#posts" if request.htmx else PAGE, context)


@require_safe
def new_messages(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """What came after the last post that a page shows. Answers a fragment; 204 when there is nothing new."""
    contract = visible_contract(request, contract_id)
    after, since = (read_number(request.GET.get(name, "")) or 0 for name in ("after", "since"))
    page = conversation.newer(contract, request.user, after)
    edited = conversation.edited(contract, request.user, _moment(since), after)
    if not page.said and not edited:
        return HttpResponse(status=204)
    _seen(request, contract, page)
    return render(request, NEW, _context(request, contract, page) | {"edited": edited})


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def message(request: HttpRequest, contract_id: UUID, post_id: int) -> HttpResponse:
    """One message of the user's own, to put it right. Answers a page; to htmx the post as an item, with the form."""
    contract = allowed_contract(request, contract_id, Action.POST)
    post = get_object_or_404(conversation.posts_for(contract), pk=post_id, by=request.user)
    if request.method == "POST":
        return _edit(request, contract, post, EditForm(request.POST))
    if request.htmx and "shown" in request.GET:
        return _item(request, contract, post)
    return _editing(request, contract, post, EditForm(initial={"text": post.text}))


@require_safe
def message_file(request: HttpRequest, contract_id: UUID, file_id: UUID) -> FileResponse:
    """One file of a message, as an attachment. 404 unless the user may see the contract."""
    contract = visible_contract(request, contract_id)
    posts = conversation.posts_for(contract).order_by()
    return attachment(get_object_or_404(PostFile, pk=file_id, post__in=posts.values("pk")))


def _post(request: HttpRequest, contract: Contract) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, contract, form, 422)
    try:
        hold_to(request, "uploads", len(form.cleaned_data["files"]))
        post_message(contract=contract, by=request.user, **form.cleaned_data)
    except FileRefused as refusal:
        form.add_error("files", str(refusal))
        return _refused(request, contract, form, 422)
    except ContractError as refusal:
        form = form.anew() if isinstance(refusal, KeyReused) else form
        status = refused(request, form, refusal)
        return _refused(request, contract, form, TOO_MANY if isinstance(refusal, TooMany) else status)
    if not request.htmx:
        return redirect(reverse("notifications:messages", args=[contract.pk]) + "#message-form")
    page = conversation.newer(contract, request.user, read_number(request.POST.get("after", "")) or 0)
    _seen(request, contract, page)
    return render(request, NEW, _context(request, contract, page) | {"form": MessageForm(), "posted": True})


def _edit(request: HttpRequest, contract: Contract, post: Post, form: EditForm) -> HttpResponse:
    if not form.is_valid():
        return _editing(request, contract, post, form, status=422)
    try:
        edit_message(post=post, by=request.user, **form.cleaned_data)
    except ContractError as refusal:
        return _editing(request, contract, post, form, status=refused(request, form, refusal))
    if request.htmx:
        return _item(request, contract, conversation.posts_for(contract).get(pk=post.pk))
    return redirect(reverse("notifications:messages", args=[contract.pk]) + f"#post-{post.pk}")


def _page(request: HttpRequest, contract: Contract, form: MessageForm, status: int = 200) -> HttpResponse:
    mark = conversation.mark_of(contract, request.user)
    page = conversation.latest(contract, request.user, mark.upto)
    if request.method == "GET" and (mark.unread or page.newest > mark.upto):
        _seen(request, contract, page)
    context = _context(request, contract, page) | {"form": form, "seen": mark.upto}
    return render(request, PAGE, context, status=status)


def _context(request: HttpRequest, contract: Contract, page: conversation.Conversed) -> dict[str, object]:
    return {
        "contract": contract,
        "page": page,
        "may_post": may_post(contract),
        "hint": hint_for(contract),
        "since": (contract.now - EPOCH) // MICROSECOND,
    }


def _seen(request: HttpRequest, contract: Contract, page: conversation.Conversed) -> None:
    mark_read(contract=contract, by=request.user, upto=page.newest)


def _refused(request: HttpRequest, contract: Contract, form: MessageForm, status: int) -> HttpResponse:
    """To htmx only what is wrong: what was typed and chosen stays as it is in the page's own form."""
    if not request.htmx:
        return _page(request, contract, form, status)
    answer = render(request, "notifications/messages_refused.html", {"form": form}, status=status)
    return reswap(retarget(answer, "#message-problems"), "outerHTML")


def _item(request: HttpRequest, contract: Contract, post: Post) -> HttpResponse:
    context = {"contract": contract, "entry": conversation.one(contract, request.user, post), "is_back": True}
    return render(request, "notifications/_post.html", context)


def _editing(
    request: HttpRequest, contract: Contract, post: Post, form: EditForm, status: int = 200
) -> HttpResponse:  # fmt: skip
    template = "notifications/messages_edit.html"
    context = {"contract": contract, "post": post, "form": form}
    return render(request, f"{template}#editing" if request.htmx else template, context, status=status)


def _moment(since: int) -> datetime:
    """The moment that a page was made, as it says; now for one that says none."""
    try:
        return datetime.fromtimestamp(since / 1_000_000, UTC) if since else clock.now()
    except (ValueError, OverflowError, OSError):
        return clock.now()
