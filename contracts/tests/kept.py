"""The Overview as the browsers of both sides keep it: whether a page that is said to be unchanged is."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from django.test import Client

from contracts.models import Contract
from tests.screens import acting_for

# A token against forgery is masked anew for each page; how much time is left is told in seconds, and shown in minutes.
NEW_EACH_TIME = re.compile(r'(?<="X-CSRFToken": ")\w+|(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=data-left=")\d+')


@dataclass
class Browser:
    """One side's, with the last page it got of one contract."""

    client: Client
    tag: str = ""
    page: str = ""

    def look(self, address: str) -> bool:
        """Whether the server said that nothing changed; fails if it said so wrongly."""
        answer = self.client.get(address, headers={"If-None-Match": self.tag})
        fresh = self.client.get(address) if answer.status_code == 304 else answer
        page = NEW_EACH_TIME.sub("", fresh.content.decode())
        is_same = answer.status_code == 304
        assert not is_same or page == self.page, f"{address} changed, and its tag did not."
        self.tag, self.page = fresh.get("ETag", ""), page
        return is_same


@dataclass
class Kept:
    """Looks by turns, so that each side has missed something. `same`: how often, of all, nothing had changed."""

    same: ClassVar[int] = 0
    browsers: list[Browser] = field(default_factory=list)
    looks: int = 0

    def look(self, contract: Contract) -> None:
        self.browsers = self.browsers or [Browser(acting_for(party)) for party in (contract.client, contract.talent)]
        self.looks += 1
        Kept.same += self.browsers[self.looks % 2].look(f"/contracts/{contract.pk}/")
