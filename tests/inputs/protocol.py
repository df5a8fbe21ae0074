"""What can be wrong with a post beside what is typed: its method, its token, its type, its fields, its headers.

Each way answers what is wrong, or nothing. Every post is taken back.
"""

import json
from collections.abc import Iterator
from copy import copy
from secrets import token_hex

from django.http import HttpResponse
from django.test import Client

from contracts.models import Contract, Milestone
from escrow.models import Account, Payment
from marketplace.models import Membership, User
from tests.inputs.filling import Filled
from tests.inputs.reading import Fields
from tests.inputs.trying import FORM, undone

# Nobody may post these, whatever form they come with.
FORGED = {
    "status": "ended", "fee": "0.00", "fee_held": "0", "service_fee": "0.0000", "initiation_fee": "0.00", "id": "1",
    "client": "1", "client_id": "1", "talent_id": "1", "contract": "1", "contract_id": "1", "pk": "1", "by": "1",
    "by_id": "1", "is_staff": "on", "is_superuser": "on", "is_active": "", "paid": "1.00", "gross": "1.00", "net": "9",
    "plan_version": "99", "review_days": "1", "party_id": "1", "user": "1", "scope": "1", "matured_at": "2000-01-01",
    "_method": "DELETE", "__proto__": "x", "position": "1", "email_verified": "on",
}  # fmt: skip
HEADERS = (
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Current-URL": "javascript:alert(7)", "HX-Target": "<script>", "HX-Boosted": "true"},
    {
        "HX-Request": "false",
        "HX-Current-URL": "http://[::1",
        "HX-Trigger": "\\x00",
        "HX-History-Restore-Request": "true",
    },
    {"X-HTTP-Method-Override": "DELETE", "X-Forwarded-Host": "elsewhere.test", "X-Original-URL": "/admin/"},
)
DONE, CALM = {200, 204, 302}, {200, 204, 302, 400, 403, 404, 409, 415, 422}


def wrongs(form: Filled) -> Iterator[str]:
    """Whatever is wrong with how the place answers."""
    with undone():
        plain = form.send()
        effect, is_done = essence(), plain.status_code in DONE
    yield from _methods(form)
    yield from _tokens(form)
    yield from _bodies(form)
    yield from _forged(form, effect)
    yield from _missing(form)
    for headers in HEADERS:
        with undone():
            status = form.send(**headers).status_code
            if status not in CALM or (is_done and essence() != effect):
                yield f"with {headers}: {status}"


def essence() -> dict[str, list[tuple]]:
    """What matters of what was written, without ids and moments, which differ from post to post."""
    columns = {
        Contract: ("status", "client_id", "talent_id", "service_fee", "initiation_fee", "plan_version", "review_days"),
        Milestone: ("title", "amount", "status", "position"),
        Payment: ("amount", "party_id", "direction", "status"),
        Account: ("kind", "balance"),
        User: ("email", "name", "is_staff", "is_superuser", "is_active"),
        Membership: ("role",),
    }
    return {model.__name__: sorted(map(str, model.objects.values_list(*names))) for model, names in columns.items()}


def _methods(form: Filled) -> Iterator[str]:
    is_allauths = form.place.name.startswith("account_")  # its class views take a PUT for a POST with nothing in it
    for method in ("put", "patch", "delete"):
        with undone():
            form.scene.browser.cookies = copy(form.cookies)
            status = getattr(form.scene.browser, method)(form.scene.address).status_code
            if (status != 405 and not is_allauths) or form.written():
                yield f"{method}: {status} {form.written()}"


def _tokens(form: Filled) -> Iterator[str]:
    """Without a token, and with one that is not the browser's own."""
    for name, token in (("no", ""), ("a foreign", token_hex(32))):
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = copy(form.cookies)
        strict.cookies["csrftoken"] = token_hex(16)
        with undone():
            answer = _sent(strict, form, [*form.fields, ("csrfmiddlewaretoken", token)])
            if answer.status_code != 403 or form.written():
                yield f"{name} token: {answer.status_code} {form.written()}"


def _sent(browser: Client, form: Filled, fields: Fields) -> HttpResponse:
    return browser.post(form.scene.address, dict(fields))


def _bodies(form: Filled) -> Iterator[str]:
    """Other types than a form's: none is read as one."""
    text = json.dumps(dict(form.fields))
    bodies = {
        "application/json": text, "text/plain": text, "application/xml": "<!DOCTYPE x [<!ENTITY e 'e'>]><x>&e;</x>",
        "multipart/form-data": "--x", "multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form\r\n\r\nx",
        f"{FORM}; charset=utf-7": "a=b", FORM: "%", "": "a=b",
    }  # fmt: skip
    for kind, body in bodies.items():
        with undone():
            form.scene.browser.cookies = copy(form.cookies)
            status = form.scene.browser.generic("POST", form.scene.address, body, content_type=kind).status_code
            if status not in CALM:
                yield f"{kind}: {status}"


def _forged(form: Filled, effect: dict) -> Iterator[str]:
    """Fields too many, and all fields twice, come to the same as without."""
    own = {name for name, _value in form.fields}
    with undone():
        status = form.send(more=[pair for pair in FORGED.items() if pair[0] not in own]).status_code
        if status not in DONE or essence() != effect:
            yield f"forged fields: {status}"
    with undone():
        status = form.send(more=[pair for pair in form.fields if pair[0] != "key"]).status_code
        if status not in CALM:
            yield f"doubled fields: {status}"


def _missing(form: Filled) -> Iterator[str]:
    """Without one field after another, and without any: refused, or taken as if it were empty."""
    fields = form.fields
    for missing in [*dict.fromkeys(name for name, _value in fields), None]:
        kept = [pair for pair in fields if missing and pair[0] != missing]
        with undone():
            form.fields = kept
            status = form.send().status_code
            form.fields = fields
            if status not in CALM:
                yield f"without {missing or 'any field'}: {status}"
