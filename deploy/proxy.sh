#!/bin/sh
# Starts nginx with nginx.conf, filled from the environment, in a folder that may be lost: CAIRN_RUN. What one that was
# killed had still been receiving, in CAIRN_UPLOADS, goes.
set -eu
cd "$(dirname "$0")"
./fill.sh nginx.conf > "$CAIRN_RUN/nginx.conf"
find "$CAIRN_UPLOADS" -mindepth 1 -delete
exec nginx -p "$CAIRN_RUN" -c "$CAIRN_RUN/nginx.conf" -e stderr
