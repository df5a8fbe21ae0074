"""The site as a WSGI application that dies when a request asks for it. Nothing of the kind without CAIRN_PROOF.

Headers: Die-At names an instant of the request's work (proof/dying.py); Count-Instants asks how many there are.
CAIRN_PROOF_WITHOUT takes a guard away, for controls that must notice.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver, reverse

from marketplace.wsgi import application as site
from proof import dying, without

if settings.PRODUCTION or os.environ.get("CAIRN_PROOF") != "1":
    raise RuntimeError("This kills the process that it runs in: for the proof alone.")


def know_the_way() -> None:
    """Read addresses and pages before processes are forked: each of those soon dies, and would read them anew."""
    get_resolver().url_patterns  # noqa: B018, reading it imports every view
    reverse("contracts:jobs")
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for page in Path(folder).rglob("*.html"):
            get_template(str(page.relative_to(folder)))


know_the_way()
dying.watch_commits()
site = without.removed(site, os.environ.get("CAIRN_PROOF_WITHOUT", ""))


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    last = int(environ.get("HTTP_DIE_AT", dying.NEVER))
    if not last and "HTTP_COUNT_INSTANTS" not in environ:
        return site(environ, start_response)
    begun: list[tuple] = []
    with dying.counting(last) as instants:
        answer = site(environ, lambda *words: begun.append(words))
        body = list(answer)
        getattr(answer, "close", list)()
    status, headers, *more = begun[-1]
    start_response(status, [*headers, ("Instants", "|".join(instants.kinds))], *more)
    return body
