"""The same HTML as a file: a page that fetches it at a click and shows it, with the styles of the site in it."""

import re
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

MORE = ("/static/css/contracts.css", "/static/css/plan.css", "/static/css/editor.css")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Beside</title>{styles}</head>
<body><button id="open">Open</button><div id="window"></div><script>
document.querySelector("#open").addEventListener("click", async () => {{
  const there = document.querySelector("#window");
  there.innerHTML = await (await fetch("/rows.html")).text();
  there.querySelector("dialog").showModal();
}});
</script></body></html>"""
STYLES = re.compile(r'<link rel="stylesheet" href="([^"]+)"')


class Beside:
    """A server of two files, for as long as the block lasts: the page, and `html` as rows.html."""

    def __init__(self, site: str, html: bytes) -> None:
        sheets = dict.fromkeys([*STYLES.findall(fetched(f"{site}/accounts/login/")), *MORE])
        styles = "".join(f"<style>{fetched(site + sheet)}</style>" for sheet in sheets)
        files = {"/": PAGE.format(styles=styles).encode(), "/rows.html": html}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(files))
        self.address = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
        return answer.read().decode()


def handler(files: dict[str, bytes]) -> type[BaseHTTPRequestHandler]:
    class Files(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = files.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Files
