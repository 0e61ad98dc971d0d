#!/bin/sh
# Makes or refreshes .venv from uv.lock: `scripts/bootstrap.sh run` without the development tools, `… dev` with them.
#
# Does nothing, within milliseconds and offline, when .venv is already the lock's. An environment with the development
# tools serves both, and `run` never takes them away. Without `uv` on this machine a private one is put in .bootstrap/.
# UV_PYTHON chooses the interpreter; else the environment's own is kept, else the first of 3.12, 3.13, 3.14 that runs.
set -eu
cd "$(dirname "$0")/.."
flavour=$1
HOME=${HOME:-}
unset VIRTUAL_ENV

fail() {
    echo "$*" >&2
    exit 1
}

is_current() {
    [ -x .venv/bin/python ] && [ -x ".venv/bin/$2" ] && cmp -s uv.lock ".venv/.synced-$1" || return 1
    [ -z "${UV_PYTHON:-}" ] || [ "$UV_PYTHON" = "$(cat .venv/.synced-python 2>/dev/null)" ]
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1
}

# One candidate per line; a pyenv shim may stand on PATH and still refuse to run, so every one is tried before use.
list_pythons() {
    for version in 3.12 3.13 3.14; do
        command -v "python$version" || true
        for path in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python "/usr/local/bin/python$version"; do
            [ -x "$path" ] && echo "$path"
        done
    done
    command -v python3 || true
    command -v python || true
    [ -x /usr/bin/python3 ] && echo /usr/bin/python3
}

find_python() {
    list_pythons | while IFS= read -r candidate; do
        if is_new_enough "$candidate"; then
            echo "$candidate"
            break
        fi
    done
}

find_uv() {
    for candidate in "$(command -v uv || true)" .bootstrap/bin/uv .bootstrap/venv/bin/uv "$HOME/.local/bin/uv" "$HOME/.cargo/bin/uv"; do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

install_uv_with() {
    if "$1" -m pip --version >/dev/null 2>&1; then
        PIP_USER=0 "$1" -m pip install --quiet --disable-pip-version-check --upgrade --target .bootstrap uv
    else
        "$1" -m venv .bootstrap/venv && .bootstrap/venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    fi
}

# Any Python that pip knows may fetch uv, an older one than Clausum itself needs too.
install_uv() {
    echo "Installing uv, the package manager, into .bootstrap/" >&2
    list_pythons | while IFS= read -r candidate; do
        if "$candidate" -c '' >/dev/null 2>&1 && install_uv_with "$candidate" >.bootstrap/log 2>&1; then
            break
        fi
    done
}

# Behind a company's inspecting proxy only the system's certificates are right; uv brings its own list otherwise.
trust_system_certificates() {
    for store in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        if [ -s "$store" ]; then
            export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-1}"
        fi
    done
}

sync_environment() {
    python=${UV_PYTHON:-}
    if [ -z "$python" ] && is_new_enough .venv/bin/python; then
        python=.venv/bin/python
    fi
    python=${python:-$(find_python)}
    echo "Preparing the Python environment in .venv (only when uv.lock has changed)" >&2
    UV_PROJECT_ENVIRONMENT="$PWD/.venv" "$uv" sync --quiet --frozen ${python:+--python "$python"} "$@"
}

if [ "$flavour" = run ]; then
    is_current dev gunicorn || is_current run gunicorn && exit 0
else
    is_current dev pytest && exit 0
fi

[ -w . ] || fail "This folder belongs to another user: clone it into one of your own."
[ ! -e .venv ] || [ -w .venv ] || fail "The environment in .venv is another user's and does not serve here: remove it as that user."

uv=$(find_uv)
if [ -z "$uv" ]; then
    mkdir -p .bootstrap
    install_uv
    uv=$(find_uv)
    [ -n "$uv" ] || fail "uv was not found and could not be installed: install uv or Python 3.12 with pip (the reason is in .bootstrap/log)."
fi

rm -f ".venv/.synced-$flavour"
if [ "$flavour" = run ]; then
    set -- --no-dev --inexact
else
    set --
fi
trust_system_certificates
if ! sync_environment "$@"; then
    [ -n "${UV_PYTHON:-}$(find_python)" ] || fail "No Python 3.12 or newer was found, and uv could not download one: install Python 3.12."
    fail "The Python environment could not be made: the reason is above."
fi
echo "${UV_PYTHON:-}" >.venv/.synced-python
cp uv.lock ".venv/.synced-$flavour"
