-- The doors of the application's role into the ledger: find or open an account, post a journal.

CREATE OR REPLACE FUNCTION escrow_account(the_kind text, the_party uuid, the_scope uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    account bigint;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT id INTO account FROM (
            SELECT id FROM escrow_account WHERE kind = the_kind AND party_id = the_party AND the_scope IS NULL
            UNION ALL
            SELECT id FROM escrow_account WHERE kind = the_kind AND scope = the_scope AND the_party IS NULL
            UNION ALL
            SELECT id FROM escrow_account
            WHERE kind = the_kind AND party_id IS NULL AND scope IS NULL AND the_party IS NULL AND the_scope IS NULL
        ) AS found;
        EXIT WHEN account IS NOT NULL;
        INSERT INTO escrow_account (kind, party_id, scope, balance)
        VALUES (the_kind, the_party, the_scope, CASE WHEN the_kind IN ('outside', 'fees') THEN NULL ELSE 0 END)
        ON CONFLICT DO NOTHING RETURNING id INTO account;
        EXIT WHEN account IS NOT NULL;
    END LOOP;
    RETURN account;
END $$;

-- Post a whole journal: transfer n moves amounts[n] from debits[n] to credits[n], in this order. Under a used key
-- nothing moves: the same content answers the journal of then with created = false, other content is refused.
CREATE OR REPLACE FUNCTION escrow_post(
    the_key text, the_cause text, the_scope uuid,
    debits bigint[], credits bigint[], amounts numeric[], the_reversed bigint DEFAULT NULL,
    OUT posted bigint, OUT created boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(cardinality(amounts), 0) = 0 OR EXISTS (
        SELECT FROM unnest(debits, credits, amounts) AS move (debit, credit, amount)
        WHERE debit IS NULL OR credit IS NULL OR amount IS NULL OR amount <> round(amount, 2)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'CL003', MESSAGE = 'A journal needs transfers, each with two accounts and an amount in whole cents.';
    END IF;

    INSERT INTO escrow_journal (key, cause, scope, reverses_id)
    VALUES (the_key, the_cause, the_scope, the_reversed)
    ON CONFLICT (key) DO NOTHING RETURNING id INTO posted;
    created := FOUND;
    IF NOT created THEN
        posted := escrow_posted(the_key, the_cause, the_scope, debits, credits, amounts, the_reversed);
        RETURN;
    END IF;
    IF (SELECT stops FROM escrow_checkrun ORDER BY id DESC LIMIT 1) THEN
        RAISE EXCEPTION USING ERRCODE = 'CL004', MESSAGE = 'The books do not hold: no money moves until they do.';
    END IF;

    -- Rows are locked in one order by everybody; shared accounts are not locked at all.
    IF the_reversed IS NOT NULL THEN
        PERFORM FROM escrow_journal WHERE id = the_reversed FOR NO KEY UPDATE;
    END IF;
    PERFORM FROM escrow_account
        WHERE id = ANY (debits || credits) AND balance IS NOT NULL ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO escrow_transfer (journal_id, debit_id, credit_id, amount)
    SELECT posted, debit, credit, amount
    FROM unnest(debits, credits, amounts) WITH ORDINALITY AS move (debit, credit, amount, place)
    ORDER BY place;
END $$;

-- The journal that was posted under this key with exactly this content; any other content is refused (I17).
CREATE OR REPLACE FUNCTION escrow_posted(
    the_key text, the_cause text, the_scope uuid,
    debits bigint[], credits bigint[], amounts numeric[], the_reversed bigint
) RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    journal bigint;
BEGIN
    SELECT id INTO journal FROM escrow_journal
    WHERE key = the_key AND cause = the_cause
        AND scope IS NOT DISTINCT FROM the_scope AND reverses_id IS NOT DISTINCT FROM the_reversed
        AND (debits, credits, amounts) = (
            SELECT array_agg(debit_id ORDER BY id), array_agg(credit_id ORDER BY id), array_agg(amount ORDER BY id)
            FROM escrow_transfer WHERE journal_id = escrow_journal.id
        );
    IF journal IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'CL001', MESSAGE = format('The key %s was used for something else.', the_key);
    END IF;
    RETURN journal;
END $$;
