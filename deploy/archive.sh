#!/bin/sh
# PostgreSQL's archive_command: keeps a finished segment of the log ($1, named $2) in the folder $3, whole or not at all.
set -eu
mkdir -p "$3"
test ! -e "$3/$2"
cp "$1" "$3/.$2.part"
sync "$3/.$2.part"
mv "$3/.$2.part" "$3/$2"
