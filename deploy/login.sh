#!/bin/sh
# Makes the login that web and worker serve with, or gives it its password anew. As the owner; migrate gives it its role.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set login="$CAIRN_WEB_LOGIN" --set password="$CAIRN_WEB_PASSWORD" \
    --username "${POSTGRES_USER:-$PGUSER}" --dbname "${POSTGRES_DB:-$PGDATABASE}" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
ALTER ROLE :"login" PASSWORD :'password';
SQL
