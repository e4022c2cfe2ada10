#!/bin/sh
# Make .venv from a hashed lock file and see to the system libraries. Arguments: PYTHON LOCK run|dev.
# uv where it can be had, else pip: the same lock serves both.
set -eu
python=$1 lock=$2 what=$3

say() { printf 'homeshore: %s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"; else return 1; fi
}

apt_install() {  # RUNLEVEL=1: what is a service is installed, not started
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
    as_root apt-get update -qq >/dev/null 2>&1 || return 1
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

has_library() { "$1" -c "import ctypes.util, sys; sys.exit(not ctypes.util.find_library('$2'))"; }

if [ ! -x .venv/bin/python ]; then
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 or later is needed"; exit 1; }
    rm -rf .venv
    "$python" -m venv .venv 2>/dev/null || {
        rm -rf .venv
        apt_install python3-venv || { say "type: apt-get install python3-venv"; exit 1; }
        "$python" -m venv .venv
    }
fi
here=.venv/bin/python
"$here" -m pip --version >/dev/null 2>&1 || "$here" -m ensurepip >/dev/null

if "$here" -m pip install -q --disable-pip-version-check uv >/dev/null 2>&1; then
    "$here" -m uv pip install -q -p "$here" --require-hashes -r "$lock"
    "$here" -m uv pip install -q -p "$here" --no-deps --no-build-isolation -e .
else
    "$here" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
    "$here" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
fi

if ! { has_library "$here" pango-1.0 && has_library "$here" pangoft2-1.0 && has_library "$here" harfbuzz-subset; }; then
    apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ||
        say "documents need Pango; type: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
fi

if [ "$what" = dev ]; then
    command -v chromium >/dev/null 2>&1 || apt_install chromium || say "browser tests need Chromium; type: apt-get install chromium"
    has_library "$here" atomic || apt_install libatomic1 || say "browser tests need: apt-get install libatomic1"
    command -v curl >/dev/null 2>&1 || apt_install curl || say "the README's test needs: apt-get install curl"
    command -v openssl >/dev/null 2>&1 || apt_install openssl || say "mail tests need: apt-get install openssl"
    command -v pdftoppm >/dev/null 2>&1 || apt_install poppler-utils || say "pictures need: apt-get install poppler-utils"
    command -v turnserver >/dev/null 2>&1 || apt_install coturn || say "the test of lost packets needs: apt-get install coturn"
    command -v qpdf >/dev/null 2>&1 || apt_install qpdf || say "document tests need: apt-get install qpdf"
fi
