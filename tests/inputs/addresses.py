"""Every address of the site by its name, and which of them take a post. Knows the URL patterns and no page."""

import re
from collections.abc import Iterator

from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.inputs.values import NOWHERE

STAND_INS = {"uuid": str(NOWHERE), "int": "1", "slug": "x", "str": "x", "path": "1"}
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")


def routes() -> dict[str, str]:
    """The route of each address by its name, `app:name`."""
    return dict(_walked(get_resolver(), "", ""))


def _walked(resolver: URLResolver, space: str, before: str) -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walked(each, f"{space}{each.namespace}:" if each.namespace else space, route)
        elif each.name:
            yield f"{space}{each.name}", route


def takes_posts(browser: Client, route: str) -> bool:
    """Whether an address answers a post with anything but that it takes none. Regular expressions may."""
    if "^" in route or "(?P" in route:
        return True
    address = "/" + PARAMETER.sub(lambda found: STAND_INS[found["kind"] or "str"], route)
    answer = browser.options(address)
    return "POST" in answer.get("Allow", "POST")


def parameters(route: str) -> list[str]:
    """The kinds of what stands in the route: uuid, int, str."""
    return [found["kind"] or "str" for found in PARAMETER.finditer(route)]
