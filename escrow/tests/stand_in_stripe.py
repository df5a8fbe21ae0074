"""A stand-in Stripe, run as a process of its own on 127.0.0.1: prints its port, then serves until it is ended.

It is localstripe, kept off the disk and off every other address. It knows no idempotency keys, and no address to come
back to, which it is spared.
"""

import socket


def main() -> None:
    from aiohttp import web
    from localstripe.resources import PaymentIntent, Store
    from localstripe.server import app

    made = PaymentIntent.__init__

    def spared(self, *args, return_url: str = "", **given) -> None:
        made(self, *args, **given)

    PaymentIntent.__init__ = spared

    Store.dump_to_disk = lambda self: None
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)  # noqa: T201
    web.run_app(app, sock=listening, print=None, access_log=None)


if __name__ == "__main__":
    main()
