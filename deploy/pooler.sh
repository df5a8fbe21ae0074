#!/bin/sh
# Starts pgbouncer with pgbouncer.ini and the one login that it lets in, in a folder that may be lost: CAIRN_RUN.
set -eu
umask 077
cd "$(dirname "$0")"
./fill.sh pgbouncer.ini > "$CAIRN_RUN/pgbouncer.ini"
printf '"%s" "%s"\n' "$CAIRN_WEB_LOGIN" "$CAIRN_WEB_PASSWORD" > "$CAIRN_RUN/users.txt"
exec pgbouncer "$CAIRN_RUN/pgbouncer.ini"
