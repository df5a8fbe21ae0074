"""The layout of compose.yaml, as processes with the same files: a contract is lived through it, and nothing gets lost.

In production mode, with Stripe's client on a stand-in for Stripe, since the sandbox is not for production. It is one
test, in steps, as the layout takes its time to come up and the steps tell of one contract.
"""

import re
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta

import psycopg
import pytest
import requests
from django.db import connections

from conftest import TEMPLATE
from contracts.demo.people import load_people, party_of
from contracts.models import Contract
from escrow.gateways.stripe import StripeGateway
from escrow.operations.methods import add_method
from marketplace.models import User
from notifications.live import announce
from notifications.models import Post, PostFile
from tests.books import books_hold
from tests.browser import test_life as life
from tests.browser.doors import sign_in_by_hand
from tests.browser.living import Person
from tests.layout.around import missing
from tests.layout.layout import STRIPE_KEY, TOKEN, Layout
from tests.layout.visitor import Talk, Visitor
from tests.succession import Succession, fill, folder

PASSWORD = "cairn-demo"
NAME = "layout"
pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "-")


@pytest.fixture
def layout(django_db_setup, django_db_blocker, tmp_path) -> Iterator[Layout]:
    """All parts running, on a primary and a standby of their own, with a database that has nobody in it yet."""
    with django_db_blocker.unblock(), folder() as place, Succession(place, 2, hasty=True) as servers:
        fill(servers.primary, NAME, TEMPLATE)
        servers.follow()
        with servers.spoken_to(NAME), Layout(NAME, tmp_path, servers).up() as running:
            yield running


@pytest.fixture
def people(layout, settings) -> None:
    """They sign up with passwords that production can check; the client has a card at Stripe."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.GATEWAY, settings.GATEWAYS = "stripe", {"stripe"}
    settings.STRIPE = {"secret_key": STRIPE_KEY, "webhook_secret": "whsec_x", "api_base": layout.stripe}
    load_people(PASSWORD)
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2035, "cvc": "123"}
    stripe = StripeGateway(**settings.STRIPE, currency="USD").client
    entry = stripe.v1.payment_methods.create({"type": "card", "card": card}).id
    add_method(party=party_of("client@cairn.test"), entry=entry)


@pytest.fixture
def come(layout, browser, watch) -> Iterator[Callable[[str], Person]]:
    """Somebody who comes in by the door, in a browser that takes the certificate."""
    contexts = []

    def came(email: str) -> Person:
        context = browser.new_context(
            base_url=layout.url, ignore_https_errors=True, locale="en-US", reduced_motion="reduce"
        )
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        page.goto("/accounts/login/")
        sign_in_by_hand(page, email, PASSWORD)
        page.wait_for_url("**/jobs/**")
        return Person(page)

    yield came
    for context in contexts:
        context.close()


def lived(layout: Layout, come: Callable[[str], Person]) -> None:
    """Step 1: the life of a contract in two browsers; days are passed by, and mail goes out. In the middle of it the
    primary dies.
    """
    client, talent = come("client@cairn.test"), come("freelancer@cairn.test")

    def wait_days(days: int) -> None:
        """In production only the database's owner can put the clock forward; then its worker's sweep."""
        with connections["owner"].cursor() as owner:
            owner.execute("SELECT cairn_advance(%s)", [timedelta(days=days)])
        layout.manage("sweep")

    life.offered(client, talent)
    life.worked(client, talent)
    failed_over(layout)
    life.funded_from_the_rest(client, talent)
    life.released_by_the_clock(client, talent, wait_days)
    life.paid_a_bonus(client, talent)
    life.ended_with_a_counter(client, talent)
    life.said_how_it_was(client, talent)
    assert layout.post.taken
    assert all(layout.url in mail.as_string().replace("=\n", "") for mail in layout.post.taken)
    for person in (client, talent):
        person.page.context.close()


def failed_over(layout: Layout) -> None:
    """The primary dies, and everything is done that docs/operations.md says: web servers are left as they are."""
    assert read_from_the_standby(layout) > 0
    ask = outside(layout).session.get
    layout.servers.kill()
    connections.close_all()  # our own
    away = ask(f"{layout.url}/jobs/", cookies={"__Host-session": "a" * 32})
    assert (away.status_code, away.headers["Cairn-Trouble"]) == (503, "busy")
    layout.servers.succeed()
    layout.point_pooler()
    layout.restart("worker")
    for name in ("web-one", "web-two"):
        layout.await_web(name)
    assert ask(f"{layout.url}/jobs/", cookies={"__Host-session": "a" * 32}).status_code == 200


def read_from_the_standby(layout: Layout) -> float:
    """How many pages were, so far."""
    told = [inside(layout, name, "metrics", Authorization=f"Bearer {TOKEN}").text for name in ("web-one", "web-two")]
    return sum(map(float, re.findall(r'^cairn_standby_pages_total{answer="read"} (.+)$', "".join(told), re.MULTILINE)))


def outside(layout: Layout) -> Visitor:
    return Visitor(layout.url, layout.folder)


def inside(layout: Layout, name: str, path: str, **headers: str) -> requests.Response:
    return requests.get(layout.inside(name, path), headers={"Host": name, **headers}, timeout=10)


def told_outside_and_inside(layout: Layout) -> None:
    """Step 2: how the installation is, is told inside only."""
    ask = outside(layout).session.get
    assert ask(f"{layout.url}/healthz").text == "ok\n"
    for path in ("/readyz", "/readyz?all", "//readyz", "/%72eadyz", "/metrics", "/x/../metrics"):
        assert ask(layout.url + path, headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 404
    for name in ("web-one", "web-two"):
        told = inside(layout, name, "readyz")
        assert (told.status_code, told.json()["status"] in {"ready", "ailing"}) == (200, True)  # days were passed by
        figures = inside(layout, name, "metrics", Authorization=f"Bearer {TOKEN}").text
        assert 'cairn_request_seconds_count{method="GET",route="readyz",status="200"}' in figures
        assert inside(layout, name, "metrics").status_code == 404


def seen_to_by_the_proxy(layout: Layout) -> None:
    """Step 3: HTTPS, the name, the request's id, immutable files, what is far too large."""
    ask = outside(layout).session.get
    plain = requests.get(f"http://127.0.0.1:{layout.ports['http']}/jobs/?page=2", allow_redirects=False, timeout=10)
    assert (plain.status_code, plain.headers["Location"]) == (308, f"{layout.url}/jobs/?page=2")
    assert ask(layout.url, headers={"Host": "elsewhere.example"}).status_code == 421
    page = ask(
        f"{layout.url}/accounts/login/", headers={"X-Request-ID": "chosen-by-a-client", "X-Forwarded-Proto": "http"}
    )
    assert (page.status_code, page.headers["Server"]) == (200, "nginx")
    assert re.fullmatch("[0-9a-f]{32}", page.headers["X-Request-ID"])
    assert "__Host-csrftoken" in page.cookies
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    style = ask(layout.url + re.search(r"/static/css/cairn\.\w+\.css", page.text)[0])
    assert "immutable" in style.headers["Cache-Control"]
    huge = ask(f"{layout.url}/accounts/login/", headers={"Content-Length": str(300 * 1024**2)})
    assert huge.status_code == 413


def heard_at_once(layout: Layout) -> None:
    """Step 4: news come through the proxy unbuffered, from the database past the pooler."""
    visitor = outside(layout).sign_in("outsider@cairn.test", PASSWORD)
    user = User.objects.get(email="outsider@cairn.test")
    stream = visitor.session.get(
        f"{layout.url}/live/{user.pk}/", headers={"Accept": "text/event-stream"}, stream=True, timeout=10
    )
    lines = stream.iter_lines(chunk_size=1)
    assert next(lines) == b": cairn"
    assert any(line.endswith(b" again") for line in lines)  # from now on the database is heard
    announce(None, [user.pk])
    assert any(line.endswith(b" bell") for line in lines)
    stream.close()


def refused_by_the_pooler(layout: Layout) -> None:
    """Step 5: what a session would say is refused, not dropped; the login brings it along."""
    where = {"host": "127.0.0.1", "port": layout.ports["pooler"], "user": layout.login, "dbname": layout.database}
    secret = {"password": layout.given["CAIRN_WEB_PASSWORD"]}
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter: options"):
        psycopg.connect(**where, **secret, options="-c role=cairn_app")
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(**where, password="another")
    with psycopg.connect(**where, **secret) as pooled:
        assert pooled.execute("SELECT current_user, current_setting('lock_timeout')").fetchone() == ("cairn_app", "5s")


def away_and_back(layout: Layout) -> None:
    """Step 6: without the pooler pages say when to try again, and come back with it; web servers stay up."""
    ask, page = outside(layout).session.get, f"{layout.url}/accounts/login/"
    assert ask(page).status_code == 200
    layout.parts["pooler"].stop()
    away = ask(f"{layout.url}/jobs/", cookies={"__Host-session": "a" * 32})
    assert (away.status_code, away.headers["Cairn-Trouble"]) == (503, "busy")
    assert int(away.headers["Retry-After"]) > 0
    ready = inside(layout, "web-one", "readyz")
    assert (ready.status_code, "database_away" in ready.json()["unwell"]) == (503, True)
    assert ask(f"{layout.url}/healthz").status_code == 200
    layout.parts["pooler"].start()
    for name in ("web-one", "web-two"):
        layout.await_web(name)
    assert ask(f"{layout.url}/jobs/", cookies={"__Host-session": "a" * 32}).status_code == 200


def handed_in(layout: Layout) -> None:
    """Step 7: what is large waits on disk at the proxy and at the site, and lies on the volume in the end."""
    visitor = outside(layout).sign_in("client@cairn.test", PASSWORD)
    large = b"%PDF-1.7\n" + bytes(6_000_000)
    assert (layout.folder / "arriving").is_dir()
    assert visitor.say(messages_of_the_contract(), "The plan of the site", ("plan.pdf", large)), visitor.refused
    kept = PostFile.objects.get(name="plan.pdf")
    assert (layout.folder / "files" / kept.stored).stat().st_size == kept.size == len(large)


def messages_of_the_contract() -> str:
    return f"/contracts/{Contract.objects.get(title=life.TITLE).pk}/messages/"


def renewed(layout: Layout) -> None:
    """Step 8: one web server after the other goes and comes back, as for a new version; who talks loses nothing."""
    path = messages_of_the_contract()
    talks = [
        Talk(outside(layout).sign_in(f"{name}@cairn.test", PASSWORD), path, 19, 1) for name in ("client", "freelancer")
    ]
    for talk in talks:
        talk.start()
    for name in ("web-one", "web-two"):
        layout.renew(name)
        layout.parts["proxy"].process.send_signal(signal.SIGHUP)
    for talk in talks:
        talk.enough.set()
        talk.join(30)
        assert not talk.visitor.refused
        assert talk.said
    said = [text for talk in talks for text in talk.said]
    assert sorted(Post.objects.filter(text__in=said).values_list("text", flat=True)) == sorted(said)


def test_a_life_an_outage_and_a_new_version_pass_through_the_layout_of_compose(layout, people, come, watch):
    watch.allow(503)
    lived(layout, come)
    told_outside_and_inside(layout)
    seen_to_by_the_proxy(layout)
    heard_at_once(layout)
    refused_by_the_pooler(layout)
    away_and_back(layout)
    handed_in(layout)
    renewed(layout)
    books_hold()
