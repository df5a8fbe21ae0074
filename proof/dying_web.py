"""The web server that dies when it is asked to: gunicorn as start.py has it, with one process that is soon back."""

from pathlib import Path

from marketplace.models import User
from proof.browser import Browser
from proof.databases import address
from tests.staff import with_code
from tests.web import Web, signed_in

APPLICATION = {"marketplace.wsgi": "proof.dying_wsgi"}


class DyingWeb(Web):
    """On this database, with its log and the gateway's record in `data`; `without` names a guard that is taken away.

    One process of it is forked from a server that has loaded everything, so that whoever dies is soon followed.
    """

    def __init__(
        self, database: str, data: Path, without: str = "", *, environ: dict[str, str] | None = None, processes: int = 1
    ) -> None:
        where = {"DATABASE_URL": address(database), "CAIRN_DATA": str(data)} | (environ or {})
        super().__init__(where | {"CAIRN_PROOF_WITHOUT": without}, data)
        self.processes = processes

    def command(self) -> list[str]:
        words = [APPLICATION.get(word, word) for word in super().command()]
        return [*words, "--preload", "--workers", str(self.processes)]

    def browser(self, user: User, patience: float = 30) -> Browser:
        """With a session of this user's: one of staff typed their code in it."""
        return Browser(self.port, with_code(user) if user.is_staff else signed_in(user), patience)
