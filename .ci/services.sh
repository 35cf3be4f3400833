#!/bin/sh
# The programs of PostgreSQL, Redis and nginx, of which the tests start servers of their own.
set -eu

missing() {
    command -v initdb >/dev/null 2>&1 || [ -n "$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null)" ] || printf 'postgresql '
    command -v redis-server >/dev/null 2>&1 || printf 'redis-server '
    command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || printf 'nginx-light '
}

packages=$(missing)
[ -n "$packages" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $packages..."
    # The packages would start servers that nobody asked for.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    # shellcheck disable=SC2086 # a list of names
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } >/dev/null 2>&1 || true
    packages=$(missing)
    [ -n "$packages" ] || exit 0
fi
echo "Not installed: $packages(Debian: apt install $packages). The tests that need them are skipped." >&2
[ -z "${CI:-}" ] || exit 1
