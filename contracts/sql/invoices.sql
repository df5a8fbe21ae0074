-- Numbers of an issuer's invoices follow one another from 1, and no invoice changes or goes: so there is never a gap.
CREATE FUNCTION contracts_invoice_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM contracts_invoice WHERE issuer_id = NEW.issuer_id AND number = NEW.number - 1
    ) THEN
        RAISE EXCEPTION 'Invoice % of % follows no invoice.', NEW.number, NEW.issuer_id USING ERRCODE = 'CC003';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER invoice_follows BEFORE INSERT ON contracts_invoice
    FOR EACH ROW EXECUTE FUNCTION contracts_invoice_follows();

CREATE FUNCTION contracts_invoice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: an invoice stays as it was issued.', TG_OP, TG_TABLE_NAME USING ERRCODE = 'CC004';
END
$$;
CREATE TRIGGER invoice_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON contracts_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION contracts_invoice_stays();

-- A series only counts on, one by one.
CREATE TRIGGER invoice_series_counts BEFORE UPDATE ON contracts_invoiceseries
    FOR EACH ROW WHEN (NEW.party_id <> OLD.party_id OR NEW.last NOT IN (OLD.last, OLD.last + 1))
    EXECUTE FUNCTION contracts_invoice_stays();
