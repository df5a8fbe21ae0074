-- The application's role reads what came of checks and reports them; it cannot lift a stop. %(role)s is its quoted name.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON escrow_checkrun FROM %(role)s;
REVOKE ALL ON SEQUENCE escrow_checkrun_id_seq FROM %(role)s;
REVOKE ALL ON FUNCTION escrow_checked(bigint, integer, numeric, jsonb), escrow_lift(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION escrow_checked(bigint, integer, numeric, jsonb) TO %(role)s;
