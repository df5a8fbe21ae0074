-- What came of each check of the books; the latest word says whether money may move.
CREATE OR REPLACE TRIGGER checkrun_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON escrow_checkrun
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse();

-- Write down a check that looked at the books when `since` was the latest run. `wrong` is a list of what is broken:
-- {name, stops, rows, failed}, where `failed` says why an invariant could not be asked.
-- Money stops for what is broken and stops it, unless an owner lifted the stop for exactly this. A stop ends with a
-- check that asked everything and saw the books after the stop began.
CREATE OR REPLACE FUNCTION escrow_checked(since bigint, how_many integer, took numeric, wrong jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    latest escrow_checkrun;
    known jsonb;
    stopping boolean;
    written bigint;
BEGIN
    LOCK TABLE escrow_checkrun IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO latest FROM escrow_checkrun ORDER BY id DESC LIMIT 1;
    SELECT broken INTO known FROM escrow_checkrun WHERE reason <> '' ORDER BY id DESC LIMIT 1;
    SELECT coalesce(bool_or(
        CASE WHEN each ->> 'failed' = '' THEN NOT coalesce(known, '[]') @> jsonb_build_array(each)
        ELSE coalesce(latest.stops, false) END
    ), false) INTO stopping FROM jsonb_array_elements(wrong) AS each WHERE (each ->> 'stops')::boolean;
    IF latest.stops AND latest.id > coalesce(since, 0) THEN
        stopping := true;
    END IF;
    INSERT INTO escrow_checkrun (asked, seconds, broken, stops, reason)
    VALUES (how_many, took, wrong, stopping, '') RETURNING id INTO written;
    RETURN written;
END $$;

-- Let money move again although the books do not hold: for the owner of the tables alone, and with a reason.
CREATE OR REPLACE FUNCTION escrow_lift(why text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
    latest escrow_checkrun;
    written bigint;
BEGIN
    IF why !~ '\S' THEN
        RAISE EXCEPTION USING ERRCODE = 'CL003', MESSAGE = 'A stop is lifted for a reason.';
    END IF;
    LOCK TABLE escrow_checkrun IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO latest FROM escrow_checkrun ORDER BY id DESC LIMIT 1;
    IF latest.stops THEN
        INSERT INTO escrow_checkrun (asked, seconds, broken, stops, reason)
        VALUES (latest.asked, 0, latest.broken, false, why) RETURNING id INTO written;
    END IF;
    RETURN written;
END $$;
