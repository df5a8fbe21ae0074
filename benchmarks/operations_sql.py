"""What funding and releasing a milestone write at least, in SQL: for pgbench, one by one or in one call each.

All rows of the real operations, those of the notice and the job too, in as few transactions as are safe: a charge is
committed before its gateway is asked. `bench_supply` says what is next; each client works its own rows off, of which
`first` is the first client's.
"""

import re
from typing import NamedTuple


class Step(NamedTuple):
    """A statement, and the names of the values that it answers."""

    text: str
    answers: str = ""


SUPPLY = """CREATE TABLE bench_supply (
    client int, n int, milestone uuid, contract uuid, payer_party uuid, talent uuid, payer bigint, earner bigint,
    method bigint, amount numeric, fee numeric, held bigint, pending bigint, outside bigint, fees bigint,
    PRIMARY KEY (client, n)
)"""
NAMES = "milestone, contract, payer_party, talent, payer, earner, method, amount, fee, held, pending, outside, fees"
NEXT = Step(f"SELECT {NAMES} FROM bench_supply WHERE client = :first::int + :client_id::int AND n = :n::int", NAMES)
KEY = Step("SELECT gen_random_uuid() AS charge", "charge")
LOCK = Step("SELECT id AS locked FROM contracts_contract WHERE id = :contract::uuid FOR NO KEY UPDATE", "locked")
ACCOUNTS = (
    "SELECT count(*) AS accounts FROM ("
    "SELECT id FROM escrow_account WHERE id IN ({}) ORDER BY id FOR NO KEY UPDATE) AS locked"
)
TOUCH = Step("UPDATE contracts_contract SET updated_at = now() WHERE id = :contract::uuid")


def transfer(debit: str, credit: str, amount: str) -> Step:
    return Step(
        "INSERT INTO escrow_transfer (journal_id, debit_id, credit_id, amount)"
        f" VALUES (:journal::bigint, :{debit}::bigint, :{credit}::bigint, {amount})"
    )


def journal(key: str, cause: str) -> Step:
    return Step(
        "INSERT INTO escrow_journal (key, cause, scope)"
        f" VALUES ({key}, '{cause}', :contract::uuid) RETURNING id AS journal", "journal",
    )  # fmt: skip


def told(kind: str, figure: str) -> list[Step]:
    """The event, the post that tells of it, the talent's bell and email, open pages, and the job that sends."""
    return [
        Step(
            f"INSERT INTO contracts_event (contract_id, kind, by_id, milestone_id, {figure}, note, told_at) VALUES"
            f" (:contract::uuid, '{kind}', :payer::bigint, :milestone::uuid, :amount::numeric, '', now())"
            " RETURNING id AS event", "event",
        ),
        Step(
            "INSERT INTO notifications_post (contract_id, key, event_id, audience, text) VALUES"
            " (:contract::uuid, gen_random_uuid(), :event::bigint, 'both', '') RETURNING id AS post", "post",
        ),
        Step(
            "INSERT INTO notifications_delivery"
            " (post_id, recipient_id, channel, status, due_at, bundle, mail, tries, error, sent_at) VALUES"
            " (:post::bigint, :earner::bigint, 'bell', 'sent', NULL, '', NULL, 0, '', now()),"
            " (:post::bigint, :earner::bigint, 'email', 'waiting', now(), '', gen_random_uuid(), 0, '', NULL)"
        ),
        Step("SELECT pg_notify('live', :contract::text || ' ' || :earner::text) AS notified", "notified"),
        Step(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args) VALUES"
            " ('default', 'send_post', -1, jsonb_build_object('post', :post::bigint)) RETURNING id AS job", "job",
        ),
    ]  # fmt: skip


BEGIN_CHARGE = [
    LOCK,
    Step("UPDATE contracts_milestone SET status = 'funding' WHERE id = :milestone::uuid"),
    Step(
        "INSERT INTO contracts_funding (id, contract_id, milestone_id, charge, fee, leftover, by_id) VALUES"
        " (:charge::uuid, :contract::uuid, :milestone::uuid, :amount::numeric, 0, 0, :payer::bigint)"
    ),
    Step(
        "INSERT INTO escrow_payment (id, direction, purpose, subject, scope, party_id, amount, method_id, gateway,"
        " status, reference, confirm_url, awaits_payer, failure, asked_at) VALUES (:charge::uuid, 'charge',"
        " 'milestone', :contract::uuid, :contract::uuid, :payer_party::uuid, :amount::numeric, :method::bigint,"
        " 'sandbox', 'asked', '', '', false, '', now())"
    ),
]
SETTLE_CHARGE = [
    LOCK,
    journal("'charge:' || :charge::text", "fund"),
    Step(ACCOUNTS.format(":held::bigint"), "accounts"),
    transfer("outside", "held", ":amount::numeric"),
    Step(
        "UPDATE escrow_payment SET status = 'confirmed', reference = :charge::text, settled_at = now()"
        " WHERE id = :charge::uuid"
    ),
    Step("UPDATE contracts_milestone SET status = 'active', funded_at = now() WHERE id = :milestone::uuid"),
    TOUCH,
    *told("milestone_funded", "charged"),
]
RELEASE = [
    LOCK,
    Step(
        "INSERT INTO contracts_invoiceseries AS series (party_id, last) VALUES (:talent::uuid, 1)"
        " ON CONFLICT (party_id) DO UPDATE SET last = series.last + 1 RETURNING last AS number", "number",
    ),
    journal("'release:' || :milestone::text", "release"),
    Step(ACCOUNTS.format(":held::bigint, :pending::bigint"), "accounts"),
    transfer("held", "pending", ":amount::numeric - :fee::numeric"),
    transfer("held", "fees", ":fee::numeric"),
    Step(
        "INSERT INTO contracts_earning (id, contract_id, milestone_id, kind, gross, fee, net, journal_id, by_id, note,"
        " matures_at) VALUES (:milestone::uuid, :contract::uuid, :milestone::uuid, 'release', :amount::numeric,"
        " :fee::numeric, :amount::numeric - :fee::numeric, :journal::bigint, :payer::bigint, '',"
        " now() + interval '5 days')"
    ),
    Step(
        "INSERT INTO contracts_invoice (id, earning_id, issuer_id, number, issued_by, issued_to, contract_title, item,"
        " gross, fee, net) VALUES (gen_random_uuid(), :milestone::uuid, :talent::uuid, :number::bigint, '{}', '{}',"
        " 'Small works', 'Step', :amount::numeric, :fee::numeric, :amount::numeric - :fee::numeric)"
    ),
    Step(
        "UPDATE contracts_milestone SET status = 'paid', paid = amount, closed_at = now() WHERE id = :milestone::uuid"
    ),
    TOUCH,
    *told("released", "paid"),
]  # fmt: skip
TRANSACTIONS = {"bench_begin": BEGIN_CHARGE, "bench_settle": SETTLE_CHARGE, "bench_release": RELEASE}
GIVEN = NAMES.split(", ")
TYPES = ["uuid"] * 4 + ["bigint"] * 3 + ["numeric"] * 2 + ["bigint"] * 4 + ["uuid"]
TOLD = ("number", "journal", "accounts", "event", "post", "job")


def one_by_one() -> str:
    """pgbench's script for one milestone, funded and released, each statement a round trip."""
    lines = ["\\set n :n + 1", *map(_line, (NEXT, KEY))]
    for steps in TRANSACTIONS.values():
        lines += ["BEGIN;", *map(_line, steps), "COMMIT;"]
    return "\n".join(lines) + "\n"


def _line(step: Step) -> str:
    return f"{step.text} \\gset" if step.answers else f"{step.text};"


def in_one_call() -> str:
    """The same with a function for each transaction."""
    given = ", ".join(f":{name}::{kind}" for name, kind in zip([*GIVEN, "charge"], TYPES, strict=True))
    calls = [f"SELECT {name}({given});" for name in TRANSACTIONS]
    return "\n".join(["\\set n :n + 1", *map(_line, (NEXT, KEY)), *calls]) + "\n"


def functions() -> list[str]:
    """The statements that make those functions."""
    return [_function(name, steps) for name, steps in TRANSACTIONS.items()]


def _function(name: str, steps: list[Step]) -> str:
    given = ", ".join(f"the_{each} {kind}" for each, kind in zip([*GIVEN, "charge"], TYPES, strict=True))
    declared = "".join(f"the_{each} bigint; " for each in TOLD) + "the_locked uuid; the_notified text; "
    body = "".join(f"{_inside(step)};\n" for step in steps)
    return f"CREATE FUNCTION {name}({given}) RETURNS void LANGUAGE plpgsql AS $$ DECLARE {declared} BEGIN\n{body}END $$"


def _inside(step: Step) -> str:
    into = f" INTO {', '.join(f'the_{each.strip()}' for each in step.answers.split(','))}" if step.answers else ""
    return re.sub(r"(?<!:):([a-z_]+)", r"the_\1", step.text) + into
