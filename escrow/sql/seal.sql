-- How many transfers there are after `past` up to `upto`, and a digest over them that includes the one before (I16).
CREATE OR REPLACE FUNCTION escrow_digest(previous text, past bigint, upto bigint, OUT transfers bigint, OUT digest text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*), encode(sha256(convert_to(
        previous || coalesce(string_agg(jsonb_build_array(
            transfer.id, debit_id, credit_id, amount, debit_balance, credit_balance,
            journal.id, key, cause, scope, extract(epoch FROM at), reverses_id
        )::text, E'\n' ORDER BY transfer.id), ''), 'UTF8')), 'hex')
    FROM escrow_transfer AS transfer JOIN escrow_journal AS journal ON journal.id = transfer.journal_id
    WHERE transfer.id > past AND transfer.id <= upto
$$;

-- Seal what came since the last seal; answers the newest seal's id, or null while there is nothing to seal.
-- Ids commit out of order, so it waits until nobody is in the middle of a journal, and holds new ones for that moment.
CREATE OR REPLACE FUNCTION escrow_seal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
    LOCK TABLE escrow_transfer IN SHARE ROW EXCLUSIVE MODE;
    INSERT INTO escrow_seal (upto, transfers, digest)
    SELECT newest, made.transfers, made.digest
    FROM (SELECT max(id) AS newest FROM escrow_transfer) AS last,
        (SELECT coalesce(max(upto), 0) AS past FROM escrow_seal) AS before,
        coalesce((SELECT digest FROM escrow_seal ORDER BY id DESC LIMIT 1), '') AS previous,
        escrow_digest(previous, past, newest) AS made
    WHERE newest > past;
    RETURN (SELECT max(id) FROM escrow_seal);
END $$;
