"""What no page may do while a test looks on: complain, break its rules, or speak to anybody but the site."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

FAILED_TO_LOAD = re.compile(r"Failed to load resource: the server responded with a status of \d+")
OFFLINE = re.compile(r"ERR_INTERNET_DISCONNECTED|htmx:(afterRequest|sendError)")


@dataclass
class Watch:
    """Listens to every page of every context. `allow` names the refusals that a test is about."""

    troubles: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)
    offline: bool = False

    def allow(self, *statuses: int) -> None:
        self.allowed.update(statuses)

    def over(self, context: BrowserContext) -> None:
        context.on("page", self.over_page)
        context.on("request", self.request)
        context.on("response", self.response)

    def over_page(self, page: Page) -> None:
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.troubles.append(f"error on {page.url}: {error}"))

    def console(self, message: ConsoleMessage) -> None:
        """Errors and warnings; a status that went wrong is told by `response`, with its address."""
        told = FAILED_TO_LOAD.match(message.text) or (self.offline and OFFLINE.search(message.text))
        if message.type in {"error", "warning"} and not told:
            self.troubles.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and address.hostname != "127.0.0.1":
            self.troubles.append(f"request to {request.url}")

    def response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.troubles.append(f"{response.status} from {response.request.method} {response.url}")
