#!/bin/sh
# Makes .venv and installs the pinned requirements. Usage: environment.sh REQUIREMENTS STAMP
set -eu
requirements=$1
stamp=$2
python=${PYTHON:-python3}

say() { echo "$*" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 || say "Python is missing: install python3 (3.11 or newer) and its venv module (Debian: apt install python3 python3-venv)."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || say "$("$python" --version) is too old: this needs Python 3.11 or newer; name one with 'make PYTHON=/path/to/python3 ...'."
"$python" -c 'import ensurepip, venv' 2>/dev/null || say "Python's venv module is missing: install it (Debian and Ubuntu: apt install python3-venv)."

[ -x .venv/bin/python ] || "$python" -m venv .venv
echo "Installing $requirements (the first time takes a minute) ..."
log=.venv/install.log
# The list is complete, so nothing is looked up beside it: a release made today changes nothing.
if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement "$requirements" >"$log" 2>&1; then
    if grep -qiE 'connection|temporary failure|name resolution|timed out|no matching distribution|unreachable' "$log"; then
        say "The packages could not be fetched: is there a network, and does pip reach a package index? Details are in $log."
    fi
    tail -n 5 "$log" >&2
    say "The packages could not be installed. Details are in $log."
fi
touch "$stamp"
