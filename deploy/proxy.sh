#!/bin/sh
# Starts nginx with nginx.conf, filled from the environment, in a folder that may be lost: CAIRN_RUN.
set -eu
cd "$(dirname "$0")"
./fill.sh nginx.conf > "$CAIRN_RUN/nginx.conf"
exec nginx -p "$CAIRN_RUN" -c "$CAIRN_RUN/nginx.conf" -e stderr
