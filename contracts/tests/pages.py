"""Reading an answer as a browser would: parsed as strictly as HTML allows."""

import html5lib
from django.http import HttpResponse


def parsed(response: HttpResponse) -> str:
    """The page, which is valid HTML."""
    page = response.content.decode()
    html5lib.HTMLParser(strict=True).parse(page)
    return page


def fragment(response: HttpResponse, inside: str = "div") -> str:
    """The fragment of a page, which is valid HTML where it goes."""
    return valid(response.content.decode(), inside)


def valid(part: str, inside: str = "div") -> str:
    html5lib.HTMLParser(strict=True).parseFragment(part, container=inside)
    return part


def words(html: str) -> str:
    """What can be read on it, each run of spaces as one."""
    for beside in ("</dt><dd", "</li><li"):
        html = html.replace(beside, beside.replace("><", "> <"))
    root = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return " ".join("".join(root.itertext()).split())
