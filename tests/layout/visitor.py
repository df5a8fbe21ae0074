"""Somebody who visits the layout from outside without a browser: over TLS, signed in by hand, with forms' own tokens.

Knows no page but the sign-in.
"""

import re
import threading
import uuid
from collections.abc import Callable
from pathlib import Path

import requests

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Visitor:
    """With a session of their own. `refused` is each answer that was no page and no way on, and each missing one."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.refused = url, []
        self.session = requests.Session()
        self.session.verify = str(folder / "cert.pem")
        self.session.trust_env = False

    def sign_in(self, email: str, password: str) -> "Visitor":
        page = self.session.get(f"{self.url}/accounts/login/", timeout=30)
        answer = self.post("/accounts/login/", TOKEN.search(page.text)[1], login=email, password=password)
        assert answer.status_code == 302, answer.status_code
        return self

    def post(self, path: str, token: str, *files: tuple[str, bytes], **fields: str) -> requests.Response:
        headers = {"Origin": self.url, "Referer": self.url + path}
        given = {"data": fields | {"csrfmiddlewaretoken": token}, "files": [("files", each) for each in files]}
        return self.session.post(self.url + path, **given, headers=headers, allow_redirects=False, timeout=30)

    def say(self, path: str, text: str, *files: tuple[str, bytes]) -> bool:
        """Read a contract's messages and post one; whether both were answered well."""
        page = self._kept(lambda: self.session.get(self.url + path, timeout=30))
        if page is None:
            return False
        token = TOKEN.search(page.text)[1]
        return self._kept(lambda: self.post(path, token, *files, key=str(uuid.uuid4()), text=text)) is not None

    def _kept(self, ask: Callable[[], requests.Response]) -> requests.Response | None:
        try:
            answer = ask()
        except requests.RequestException as problem:
            self.refused.append(str(problem))
            return None
        if answer.status_code in {200, 302}:
            return answer
        self.refused.append(answer.status_code)
        return None


class Talk(threading.Thread):
    """Says one thing after the other until `enough`, at most so `many`, and pauses between. `said` was acknowledged."""

    def __init__(self, visitor: Visitor, path: str, many: int, pause: float) -> None:
        super().__init__(daemon=True)
        self.visitor, self.path, self.many, self.pause = visitor, path, many, pause
        self.said: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        for number in range(self.many):
            text = f"{id(self)} says {number}"
            if self.visitor.say(self.path, text):
                self.said.append(text)
            if self.enough.wait(self.pause):
                return
