#!/bin/sh
# Fills the ${NAMES} of a template from the environment, and refuses a name that is not there. Knows no template.
set -eu
exec awk '{
    while (match($0, /\$\{[A-Z_]+\}/)) {
        name = substr($0, RSTART + 2, RLENGTH - 3)
        if (!(name in ENVIRON)) { print FILENAME ": " name " is not set." > "/dev/stderr"; exit 1 }
        printf "%s%s", substr($0, 1, RSTART - 1), ENVIRON[name]
        $0 = substr($0, RSTART + RLENGTH)
    }
    print
}' "$1"
