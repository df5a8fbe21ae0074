"""Named constraints, each attacked alone in plain SQL: all others of its table are gone, so that none stands in for it.

Those of contracts and people are attacked where their rules are tested; here are the others, and whatever another
constraint would refuse as well.
"""

import uuid

import pytest

from tests.bare import Row, lay_bare, refusal

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
NOW, ONE = "2026-11-23T12:00:00Z", str(uuid.UUID(int=1))
BOTH = {"contract_id": ONE, "user_id": 1}

CHECKS: dict[str, tuple[str, Row]] = {
    "account_not_below_zero": ("escrow_account", {"kind": "pending", "balance": "-0.01"}),
    "account_owner_fits_kind": ("escrow_account", {"kind": "outside", "balance": "0"}),
    "checkrun_lifted_moves": ("escrow_checkrun", {"stops": True, "reason": "All is well"}),
    "journal_cause_valid": ("escrow_journal", {"cause": "theft"}),
    "journal_key_given": ("escrow_journal", {"key": ""}),
    "journal_reverses_another": ("escrow_journal", {"id": 7, "reverses_id": 7}),
    "transfer_amount_in_limits": ("escrow_transfer", {"amount": "1000000.01"}),
    "transfer_two_accounts": ("escrow_transfer", {"debit_id": 7, "credit_id": 7}),
    "method_kind_valid": ("escrow_paymentmethod", {"kind": "cash"}),
    "method_kept_by_a_gateway": ("escrow_paymentmethod", {"gateway": "", "token": "t"}),
    "method_shows_four_digits": ("escrow_paymentmethod", {"last4": "42x2"}),
    "method_token_is_no_number": ("escrow_paymentmethod", {"token": "4242424242424242"}),
    "method_default_is_usable": ("escrow_paymentmethod", {"is_default": True, "removed_at": NOW}),
    "payment_amount_positive": ("escrow_payment", {"amount": "0.00"}),
    "payment_asked_at_once_asked": ("escrow_payment", {"status": "asked"}),
    "payment_awaits_payer_once_asked": (
        "escrow_payment", {"awaits_payer": True, "direction": "charge", "status": "created", "reference": "r"},
    ),
    "payment_confirmed_has_reference": ("escrow_payment", {"status": "confirmed", "reference": ""}),
    "payment_direction_valid": ("escrow_payment", {"direction": "gift"}),
    "payment_failure_says_why": ("escrow_payment", {"status": "failed", "failure": ""}),
    "payment_purpose_given": ("escrow_payment", {"purpose": "", "gateway": "sandbox"}),
    "payment_refund_names_its_charge": ("escrow_payment", {"direction": "refund"}),
    "payment_settled_at_once_settled": ("escrow_payment", {"status": "confirmed"}),
    "payment_status_valid": ("escrow_payment", {"status": "lost"}),
    "invitation_closed_whole": ("marketplace_invitation", {"status": "accepted"}),
    "invitation_email_lower_case": ("marketplace_invitation", {"email": "Somebody@cairn.test"}),
    "invitation_role_valid": ("marketplace_invitation", {"role": "king"}),
    "invitation_status_valid": ("marketplace_invitation", {"status": "lost"}),
    "team_event_about_somebody": ("marketplace_teamevent", {"role": "owner"}),
    "team_event_kind_valid": ("marketplace_teamevent", {"kind": "sang"}),
    "team_event_role_before_when_changed": ("marketplace_teamevent", {"kind": "joined", "role_before": "owner"}),
    "delivery_due_while_it_waits": ("notifications_delivery", {"status": "waiting"}),
    "delivery_valid": ("notifications_delivery", {"channel": "fax", "status": "waiting"}),
    "post_audience_valid": ("notifications_post", {"audience": "staff"}),
    "post_of_a_person_or_an_event": ("notifications_post", {"audience": "both", "text": "Hello"}),
    "post_file_in_limits": ("notifications_postfile", {"position": 11}),
    "preference_valid": ("notifications_preference", {"topic": "news"}),
    "disclosure_what_valid": ("contracts_disclosure", {"what": "secrets"}),
    "dispute_about_one_thing": ("contracts_dispute", {"milestone_id": ONE, "refund_request_id": ONE}),
    "dispute_closed_whole": ("contracts_dispute", {"status": "open", "closed_at": NOW}),
    "dispute_status_valid": ("contracts_dispute", {"status": "lost"}),
    "split_closed_whole": ("contracts_splitoffer", {"status": "accepted"}),
    "split_divides_something": ("contracts_splitoffer", {"to_client": "0", "to_talent": "0"}),
    "split_status_valid": ("contracts_splitoffer", {"status": "lost"}),
    "act_above_the_limit_takes_two": ("contracts_staffact", {"amount": "2", "limit": "1", "done_at": NOW}),
    "act_amount_when_it_moves_money": ("contracts_staffact", {"kind": "freeze", "amount": "5"}),
    "act_approved_whole": ("contracts_staffact", {"approved_at": NOW, "approved_by_id": 1}),
    "act_divides_when_it_decides": ("contracts_staffact", {"kind": "freeze", "to_talent": "5"}),
    "act_kind_valid": ("contracts_staffact", {"kind": "steal"}),
    "act_limit_not_below_zero": ("contracts_staffact", {"limit": "-1"}),
    "act_names_its_target": ("contracts_staffact", {"kind": "freeze"}),
    "act_posted_once_it_moved": ("contracts_staffact", {"amount": "5", "done_at": NOW}),
    "act_reason_given": ("contracts_staffact", {"reason": ""}),
    "act_refused_whole": ("contracts_staffact", {"refusal": "No"}),
    "act_second_person_is_another": ("contracts_staffact", {"requested_by_id": 1, "approved_by_id": 1}),
    "marketplace_clock_ahead_check": ("marketplace_clock", {"ahead": "-367 days"}),
    "marketplace_clock_only_row_check": ("marketplace_clock", {"only_row": False}),
}  # fmt: skip
UNIQUE: dict[str, tuple[str, Row]] = {
    "account_of_party": ("escrow_account", {"kind": "pending", "party_id": ONE}),
    "account_of_scope": ("escrow_account", {"kind": "escrow", "scope": ONE}),
    "account_shared": ("escrow_account", {"kind": "outside"}),
    "journal_key_once": ("escrow_journal", {"key": "release:one"}),
    "method_kept_once": ("escrow_paymentmethod", {"party_id": ONE, "gateway": "sandbox", "token": "t"}),
    "method_one_default": ("escrow_paymentmethod", {"party_id": ONE, "kind": "card", "is_default": True}),
    "payment_of_reference": ("escrow_payment", {"gateway": "sandbox", "reference": "r"}),
    "payment_one_open_for_a_subject": ("escrow_payment", {"purpose": "fund", "subject": ONE, "status": "created"}),
    "invitation_one_pending": (
        "marketplace_invitation", {"party_id": ONE, "email": "somebody@cairn.test", "status": "pending"},
    ),
    "marketplace_user_groups_user_id_group_id_619713e9_uniq": (
        "marketplace_user_groups", {"user_id": 1, "group_id": 1},
    ),
    "marketplace_user_user_pe_user_id_permission_id_179f1caf_uniq": (
        "marketplace_user_user_permissions", {"user_id": 1, "permission_id": 1},
    ),
    "delivery_once": ("notifications_delivery", {"post_id": 1, "recipient_id": 1, "channel": "bell"}),
    "post_file_name_once": ("notifications_postfile", {"post_id": 1, "name": "plan.pdf"}),
    "post_file_position_unique": ("notifications_postfile", {"post_id": 1, "position": 1}),
    "preference_unique": ("notifications_preference", {"user_id": 1, "topic": "messages"}),
    "read_mark_unique": ("notifications_readmark", BOTH),
    "dispute_once_a_side": ("contracts_dispute", {"refund_request_id": ONE, "from_client": True, "closed_at": NOW}),
    "dispute_one_open": ("contracts_dispute", {"contract_id": ONE}),
    "split_one_accepted": ("contracts_splitoffer", {"dispute_id": ONE, "status": "accepted"}),
    "split_one_open_a_side": ("contracts_splitoffer", {"dispute_id": ONE, "from_client": True, "status": "open"}),
    "act_one_waiting_for_dispute": ("contracts_staffact", {"dispute_id": ONE}),
    "act_one_waiting_for_journal": ("contracts_staffact", {"journal_id": 1}),
    "act_one_waiting_for_payment": ("contracts_staffact", {"payment_id": ONE}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_the_database_refuses_alone(name):
    table, row = CHECKS[name]
    lay_bare(table, but=name)
    assert refusal(table, row) == ("CheckViolation", name)


@pytest.mark.parametrize("name", UNIQUE)
def test_the_database_keeps_one_of(name):
    table, row = UNIQUE[name]
    lay_bare(table)
    assert refusal(table, row, times=2) == ("UniqueViolation", name)
