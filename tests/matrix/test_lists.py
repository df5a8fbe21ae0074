"""The administration's lists, a rule for each kind: staff look, superusers write four models, hardly any is deleted.

That a post changes nothing of the others, whoever sends it: tests/test_admin_read_only.
"""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model

from marketplace.models import Job, Party, User
from tests.matrix.asking import ask
from tests.matrix.row import TO_SIGN_IN
from tests.matrix.world import World

MODELS = {model._meta.label: model for model in admin.site._registry}
WRITTEN = {User, Party, Job, Group}  # by superusers; of these, users and parties are never deleted
DELETED = {Job, Group}
LOOKS = ("", "{key}/change/", "{key}/history/")
STRANGERS = {**TO_SIGN_IN, "outsider": 302, "owner": 302, "removed": 302, "uncoded": 302}


def expected(actor: str, model: type[Model], page: str, *, is_there: bool) -> int:
    """What a GET of this page of the model answers a member of the staff."""
    is_looking, is_writer = page in LOOKS, actor == "superuser" and model in WRITTEN
    if is_looking and (is_there or not page):
        return 200
    if page == "add/":
        return 200 if is_writer else 403
    if page == "{key}/delete/":
        may = actor == "superuser" and model in DELETED
        return 200 if may and is_there else 302 if may else 403
    return 302  # nothing there to look at


def pages(model: type[Model]) -> Iterator[tuple[str, str, bool]]:
    """Each page of the model with its address, about a row if there is one."""
    row = model._default_manager.order_by("pk").first()
    key = row.pk if row else 1
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    for page in (*LOOKS, "add/", "{key}/delete/"):
        yield page, base + page.format(key=key), row is not None


def wrong(world: World, model: type[Model]) -> Iterator[str]:
    for page, address, is_there in pages(model):
        for actor in ("support", "finance", "superuser"):
            status = ask(world, actor, "GET", address).status_code
            due = expected(actor, model, page, is_there=is_there)
            if status != due and not (status == 403 and due == 302):  # nobody is told whether what they may not see is
                yield f"{address} by {actor}: {status}, not {due}"
    for actor, status in STRANGERS.items():
        got = ask(world, actor, "GET", address).status_code
        if got != status:
            yield f"{address} by {actor}: {got}, not {status}"


@pytest.mark.parametrize("label", sorted(MODELS))
def test_staff_look_and_hardly_anybody_writes(matrix, label):
    found = list(wrong(matrix, MODELS[label]))
    assert not found, "\n".join(found)
