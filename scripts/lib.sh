# Sourced by scripts/tutor and scripts/test: makes .venv and installs into it what is pinned. Owns nothing else.

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in "${TUTOR_PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    say "Atlas Tutor needs Python 3.11 or newer with its venv module, and found none."
    say "Install it (macOS: the python.org installer or a package manager; Debian and Ubuntu: apt install python3 python3-venv)"
    say "or name it: TUTOR_PYTHON=/path/to/python3.11 scripts/tutor"
    return 2
}

# What an installed .venv was made from: the pins, and the folder, because a .venv does not survive being moved.
wanted_stamp() { { printf '%s\n' "$root"; cat "$root/pyproject.toml" "$root/constraints.txt"; } | cksum; }

# ensure_installed NAME EXTRAS: .venv holds the project with these extras; does nothing when it already does.
# A .venv made for the tests holds everything the tutor needs.
ensure_installed() {
    want=$(wanted_stamp)
    for stamp in "$root/.venv/installed-$1" "$root/.venv/installed-test"; do
        if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
            return 0
        fi
    done
    if [ -L "$root/.venv" ]; then
        say "Atlas Tutor: $root/.venv leads to another folder, where nothing is changed. Remove the link and start again."
        return 2
    fi
    python=$(find_python) || return 2
    doing="setting up .venv (once; about 2 GB on disk, a few minutes)"
    if [ ! -x "$root/.venv/bin/python" ] || ! "$root/.venv/bin/python" -c '' >/dev/null 2>&1 ||
        ! head -n 1 "$root/.venv/bin/pip" 2>/dev/null | grep -qF "$root/.venv/"; then
        say "Atlas Tutor: $doing."
        "$python" -m venv --clear "$root/.venv" >&2
    else
        for stamp in "$root/.venv/installed-"*; do
            [ -f "$stamp" ] && doing="bringing .venv up to date"
        done
        say "Atlas Tutor: $doing."
    fi
    "$root/.venv/bin/python" -m pip install --disable-pip-version-check -c "$root/constraints.txt" \
        -e "$root$2" >&2 || {
        say "The installation did not finish. Check the network and the lines above, then start again: it goes on where it stopped."
        return 1
    }
    # Where Python is told to keep no bytecode, each start would compile the program anew: a quarter of its time.
    "$root/.venv/bin/python" -m compileall -q "$root/tutor" >/dev/null 2>&1 || :
    printf '%s\n' "$want" >"$root/.venv/installed-$1"
}
