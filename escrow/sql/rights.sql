-- The application's role reads the ledger and goes through the doors. %(role)s is its quoted name.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER
    ON escrow_account, escrow_journal, escrow_transfer, escrow_seal,
        escrow_side, escrow_holding, escrow_excess_reversal FROM %(role)s;
REVOKE ALL ON SEQUENCE
    escrow_account_id_seq, escrow_journal_id_seq, escrow_transfer_id_seq, escrow_seal_id_seq FROM %(role)s;

REVOKE ALL ON FUNCTION
    escrow_shift(bigint, numeric),
    escrow_posted(text, text, uuid, bigint[], bigint[], numeric[], bigint),
    escrow_post(text, text, uuid, bigint[], bigint[], numeric[], bigint),
    escrow_account(text, uuid, uuid),
    escrow_seal()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    escrow_post(text, text, uuid, bigint[], bigint[], numeric[], bigint),
    escrow_account(text, uuid, uuid),
    escrow_seal()
    TO %(role)s;
