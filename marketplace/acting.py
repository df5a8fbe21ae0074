"""Lists that grow or refresh in an open page, which are those of one party for good. Knows no page.

The session may have gone on to another party in another tab: its rows do not belong under this one's heading.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRefresh


def of_its_party(view: Callable) -> Callable:
    """For a list that htmx asks for with the `party` of its page: while another is acted for, the page loads anew."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        opened_for = request.GET.get("party") if request.htmx else None
        if opened_for and not (request.party and str(request.party.pk) == opened_for):
            return HttpResponseClientRefresh()
        return view(request, *args, **kwargs)

    return answer
