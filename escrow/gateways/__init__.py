"""The payment gateways, one of them chosen by settings. Knows which exist, and that none is asked in a transaction."""

import logging

from django.conf import settings
from django.db import transaction

from escrow.gateways.base import GatewayNotHere, PaymentGateway

logger = logging.getLogger(__name__)


def chosen() -> str:
    """The name of the gateway that new payments and payment methods go to."""
    return settings.GATEWAY


def gateway(name: str) -> PaymentGateway:
    """The gateway of this name, ready to be asked. Raises GatewayNotHere when it is not in use here.

    RuntimeError inside a transaction: what a gateway does cannot be rolled back, and no lock waits for a network.
    """
    with transaction.atomic(durable=True):
        pass
    if name not in settings.GATEWAYS:
        logger.error("The gateway %s is not in use here: what began there waits for it.", name)
        raise GatewayNotHere(name)
    return MAKERS[name]()


def _sandbox() -> PaymentGateway:
    from escrow.gateways.sandbox import SandboxGateway

    return SandboxGateway(settings.SANDBOX_DIR, webhook_secret=settings.SANDBOX_WEBHOOK_SECRET)


def _stripe() -> PaymentGateway:
    from escrow.gateways.stripe import StripeGateway

    return StripeGateway(**settings.STRIPE, currency=settings.CURRENCY)


MAKERS = {"sandbox": _sandbox, "stripe": _stripe}
