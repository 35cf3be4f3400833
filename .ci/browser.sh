#!/bin/sh
# A Chromium for the browser tests: the system's, Debian's where apt may install it, or playwright's own.
set -eu

found() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 \
        || [ -n "$(find "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}" -maxdepth 1 -name 'chromium-*' 2>/dev/null)" ]
}

found && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core; } >/dev/null 2>&1 || true
    found && exit 0
fi
echo "Fetching playwright's own chromium ..."
.venv/bin/python -m playwright install chromium >/dev/null 2>&1 || true
found && exit 0
echo "No Chromium could be installed: install one (Debian: apt install chromium). The browser tests are skipped without it." >&2
[ -z "${CI:-}" ] || exit 1
