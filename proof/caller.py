"""The gateway's own calls: they come over HTTP, twice, and again until somebody takes them."""

from http.client import HTTPConnection, HTTPException

from contracts.tests.dealing import bank

WEBHOOK = "/payments/webhooks/sandbox/"
TIMES = 2


class Caller:
    """Calls the site on this port; `left` are the calls that nobody took yet."""

    def __init__(self, port: int) -> None:
        self.port, self.left = port, list[tuple[bytes, dict[str, str]]]()

    def call(self) -> int:
        """Make all calls that there are to make; answers how many were taken."""
        self.left += bank().calls() * TIMES
        calls, self.left = self.left, []
        self.left = [each for each in calls if not self.taken(*each)]
        return len(calls) - len(self.left)

    def taken(self, body: bytes, headers: dict[str, str]) -> bool:
        there = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            there.request("POST", WEBHOOK, body, headers | {"Content-Type": "application/json"})
            return there.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            there.close()
