#!/bin/sh
# Make the environment ($VENV, default .venv) from a lock file: tools/bootstrap.sh server | dev
# Says what is missing and how to get it; a second call with nothing changed takes no time.
set -eu
cd "$(dirname "$0")/.."
profile=${1:-server}
VENV=${VENV:-.venv}
lock=requirements/$profile.txt

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3}; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || echo none)
    say "Muster needs Python 3.11 to 3.14; found here: $found. Install one and start again:"
    say "  Debian 12, Ubuntu 24.04 or newer:  ${sudo}apt install python3 python3-venv"
    say "  macOS:                             brew install python@3.13"
    exit 1
}

make_environment() {
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        "$python" -m venv --clear "$VENV"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        # Debian leaves out of its stock Python what puts pip into an environment; its own pip can do that too.
        "$python" -m venv --clear --without-pip "$VENV"
        "$python" -m pip --python "$VENV/bin/python" install --quiet --disable-pip-version-check pip
    elif command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --seed --python "$python" "$VENV"
    else
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$python has neither venv nor pip. Install them and start again; on Debian or Ubuntu:"
        say "  ${sudo}apt install python$version-venv"
        exit 1
    fi
}

sudo=$([ "$(id -u)" = 0 ] || echo "sudo ")
here=$(pwd | cksum | cut -d' ' -f1) # a moved folder needs a new environment: scripts in it hold their place
stamp=$VENV/.muster-$here-$profile
wanted=$(cat "$lock" pyproject.toml | cksum)
if [ -x "$VENV/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi
# Without any stamp the environment is new, or was left half made: nothing in it is trusted.
if ! "$VENV/bin/python" -c '' 2>/dev/null || ! ls "$VENV/.muster-$here"-* >/dev/null 2>&1; then
    python=$(find_python)
    say "Making the environment with $python ..."
    make_environment
fi
rm -f "$VENV"/.muster-*
say "Installing the locked packages ($lock) ..."
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
printf '%s\n' "$wanted" > "$stamp"
if [ "$profile" = dev ]; then # dev holds everything server does, at the same versions
    cat requirements/server.txt pyproject.toml | cksum > "$VENV/.muster-$here-server"
fi
