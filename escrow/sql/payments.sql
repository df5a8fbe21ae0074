-- A payment that was begun stays what it is: who, what for and how much never change, and its status takes only the
-- steps that Payment's NEXT and NEXT_OF_CHARGE list. What its bank took back stays so.
CREATE OR REPLACE FUNCTION escrow_payment_moves() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (OLD.id, OLD.direction, OLD.purpose, OLD.subject, OLD.scope, OLD.party_id, OLD.amount, OLD.method_id,
        OLD.refunds_id, OLD.gateway, OLD.created_at)
        IS DISTINCT FROM
        (NEW.id, NEW.direction, NEW.purpose, NEW.subject, NEW.scope, NEW.party_id, NEW.amount, NEW.method_id,
        NEW.refunds_id, NEW.gateway, NEW.created_at)
    THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'payment_stays_what_it_is',
            MESSAGE = 'What a payment is for and how much it is never change.';
    END IF;
    IF OLD.reference <> '' AND OLD.reference <> NEW.reference THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'payment_keeps_its_reference',
            MESSAGE = 'A payment keeps the reference that the gateway gave it.';
    END IF;
    IF OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('created', 'asked'), ('asked', 'confirmed'), ('asked', 'failed'), ('confirmed', 'refunded')
    ) AND NOT (
        OLD.direction = 'charge' AND NEW.status = 'confirmed'
        AND (OLD.status = 'failed' OR OLD.status = 'refunded' AND OLD.failure = '')
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'check_violation', CONSTRAINT = 'payment_takes_allowed_steps',
            MESSAGE = format('A payment cannot go from %s to %s.', OLD.status, NEW.status);
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER payment_moves BEFORE UPDATE ON escrow_payment
    FOR EACH ROW EXECUTE FUNCTION escrow_payment_moves();
CREATE OR REPLACE TRIGGER payment_stays BEFORE DELETE OR TRUNCATE ON escrow_payment
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse();
CREATE OR REPLACE TRIGGER method_stays BEFORE DELETE OR TRUNCATE ON escrow_paymentmethod
    FOR EACH STATEMENT EXECUTE FUNCTION escrow_refuse();
