"""Staff are shown what people wrote to each other. Knows no page and no message: those are a floor above."""

from contracts.models import Contract, Disclosure, Shown
from marketplace.models import User


def disclose(*, contract: Contract, to: User, what: Shown, posts: str = "") -> Disclosure:
    """Write down who is about to read what, before they do: what was not written is not shown."""
    return Disclosure.objects.create(contract=contract, to=to, what=what, posts=posts)
