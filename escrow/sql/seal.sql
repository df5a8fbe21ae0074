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

-- The seals after `past` (all of them, if null) whose transfers are not what they were (I16).
CREATE OR REPLACE FUNCTION escrow_broken_seals(past bigint)
RETURNS TABLE (seal bigint, upto bigint, sealed numeric, found bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT seal.id, seal.upto, seal.transfers, found.transfers
    FROM escrow_seal AS seal
    LEFT JOIN LATERAL (
        SELECT upto, digest FROM escrow_seal AS earlier WHERE earlier.id < seal.id ORDER BY earlier.id DESC LIMIT 1
    ) AS before ON true,
    escrow_digest(coalesce(before.digest, ''), coalesce(before.upto, 0), seal.upto) AS found
    WHERE seal.id > coalesce(past, 0) AND (seal.transfers, seal.digest) IS DISTINCT FROM (found.transfers, found.digest)
$$;

-- Who has the transfers open for writing: their ids may be smaller than some that were committed already.
CREATE OR REPLACE FUNCTION escrow_writers() RETURNS SETOF text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'escrow_transfer'::regclass AND mode = 'RowExclusiveLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND pid IS DISTINCT FROM pg_backend_pid()
$$;

-- Seal what came since the last seal; answers the newest seal's id, or null while there is nothing to seal.
-- Ids commit out of order, so it waits for everybody who is in the middle of a journal, and holds up nobody.
CREATE OR REPLACE FUNCTION escrow_seal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    newest bigint;
    writers text[];
BEGIN
    LOCK TABLE escrow_seal IN SHARE ROW EXCLUSIVE MODE;
    newest := (SELECT max(id) FROM escrow_transfer);
    writers := ARRAY(SELECT escrow_writers());
    FOR attempt IN 1..80 LOOP
        EXIT WHEN NOT EXISTS (SELECT FROM escrow_writers() AS writer WHERE writer = ANY (writers));
        IF attempt = 80 THEN
            RAISE EXCEPTION USING
                ERRCODE = 'lock_not_available', MESSAGE = 'Somebody is in the middle of a journal: seal later.';
        END IF;
        PERFORM pg_sleep(0.025);
    END LOOP;
    INSERT INTO escrow_seal (upto, transfers, digest)
    SELECT newest, made.transfers, made.digest
    FROM (SELECT coalesce(max(upto), 0) AS past FROM escrow_seal) AS before,
        coalesce((SELECT digest FROM escrow_seal ORDER BY id DESC LIMIT 1), '') AS previous,
        escrow_digest(previous, past, newest) AS made
    WHERE newest > past;
    RETURN (SELECT max(id) FROM escrow_seal);
END $$;
