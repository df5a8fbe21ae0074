"""The clock may be put forward, in the demo and in tests: `marketplace/clock.py` says by whom and why it is safe."""

from django.conf import settings
from django.db import migrations
from psycopg import sql

FORWARD = """
CREATE TABLE marketplace_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    ahead interval NOT NULL DEFAULT '0' CHECK (ahead BETWEEN '-366 days' AND '100 years')
);
INSERT INTO marketplace_clock DEFAULT VALUES;

-- Before anybody is there, a demo may begin in the past. From then on time only goes forward, for the owner too.
CREATE FUNCTION marketplace_clock_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ahead < OLD.ahead AND EXISTS (SELECT FROM public.marketplace_user) THEN
        RAISE EXCEPTION USING ERRCODE = 'CC001', MESSAGE = 'Time does not go back.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER clock_forward BEFORE UPDATE ON marketplace_clock
    FOR EACH ROW EXECUTE FUNCTION marketplace_clock_forward();

CREATE OR REPLACE FUNCTION cairn_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN clock_timestamp() + (SELECT ahead FROM marketplace_clock);

-- Seconds, not days: a day is as long as any other, whatever time zone the session is in.
CREATE FUNCTION cairn_advance(forward interval) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF forward < '0' THEN
        RAISE EXCEPTION USING ERRCODE = 'CC001', MESSAGE = 'Time does not go back.';
    END IF;
    UPDATE marketplace_clock SET ahead = ahead + make_interval(secs => extract(epoch FROM forward)::double precision);
    RETURN cairn_now();
END $$;
REVOKE ALL ON FUNCTION cairn_advance(interval) FROM PUBLIC;
"""

BACK = """
CREATE OR REPLACE FUNCTION cairn_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
RETURN clock_timestamp();
DROP FUNCTION cairn_advance(interval);
DROP TABLE marketplace_clock;
DROP FUNCTION marketplace_clock_forward();
"""


def rights(apps, schema_editor) -> None:
    role = sql.Identifier(settings.APPLICATION_ROLE).as_string(None)
    schema_editor.execute(f"REVOKE INSERT, UPDATE, DELETE ON marketplace_clock FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD, BACK),
        migrations.RunPython(rights, migrations.RunPython.noop),
    ]
