"""Having the provider forget how somebody paid who closed their account. Knows no person: only parties of nobody."""

from procrastinate.contrib.django import app

from escrow.gateways import gateway
from escrow.models import PaymentMethod
from marketplace.privacy.kept import Person

FORGOTTEN = "forgotten-"


def forget_methods_of(person: Person) -> None:
    """Have a job tell it for each method of a party that nobody acts for any more; in the caller's transaction."""
    known = PaymentMethod.objects.filter(party__in=person.alone).exclude(token__startswith=FORGOTTEN)
    for key in known.values_list("pk", flat=True):
        app.configure_task("forget_method").defer(method=key)


def forget_method(key: int) -> None:
    """Tell the provider, and let go of what it called the method. Raises GatewayUnavailable: then it is tried again."""
    method = PaymentMethod.objects.get(pk=key)
    if not method.token.startswith(FORGOTTEN):
        gateway(method.gateway).forget_method(method.token)
        PaymentMethod.objects.filter(pk=key).update(token=f"{FORGOTTEN}{key}")
