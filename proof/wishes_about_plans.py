"""What two people wish for about their plan: a save, a request for more, and the answer to it (B8, B9)."""

from collections.abc import Callable, Iterator
from uuid import uuid4

from contracts.models import ChangeRequest, Contract
from contracts.states import RequestStatus
from proof.browser import Fields, typed, with_field
from proof.wish import Wish, typing, words


def about_plans(contract: Contract) -> Iterator[Wish]:
    """While a request waits, nobody saves, and one of the two answers it."""
    at = f"/contracts/{contract.pk}/"
    asked = ChangeRequest.objects.filter(contract=contract, status=RequestStatus.PENDING).first()
    if asked is None:
        saved, more = words("Saved"), words("More")
        yield Wish(f"save: {saved}", True, f"{at}milestones/", _one_more(saved))
        yield Wish(f"request: {more}", False, f"{at}milestones/", _one_more(more, note=more))
        return
    path = f"{at}requests/{asked.pk}/"
    for _likelier in range(2):
        yield Wish(f"accept request {asked.pk}", True, path, typing("line"))
    yield Wish(f"decline request {asked.pk}", True, path, typing("reason", decline="1", reason="Not now."))
    yield Wish(f"take back {asked.pk}", False, path, typing("csrfmiddlewaretoken", withdraw="1"))


def _one_more(title: str, **texts: str) -> Callable[[list[Fields]], Fields]:
    """The plan with a milestone of this title at its end."""

    def fill(forms: list[Fields]) -> Fields:
        key = str(uuid4())
        row = {f"title-{key}": title, f"amount-{key}": "10.00", f"description-{key}": "", f"due_date-{key}": ""}
        return [*typed(with_field(forms, "revision"), **texts), ("key", key), *row.items()]

    return fill
