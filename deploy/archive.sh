#!/bin/sh
# PostgreSQL's archive_command: keeps a finished segment of the log ($1, named $2) in the folder $3, whole or not at all.
# After a crash it may be asked again for one that it has kept: the same is well, another is never written over it.
set -eu
mkdir -p "$3"
if test -e "$3/$2"; then
    cmp "$1" "$3/$2"
else
    cp "$1" "$3/.$2.part"
    sync "$3/.$2.part"
    mv "$3/.$2.part" "$3/$2"
fi
sync "$3/$2" "$3"
