# The Python environment in .venv, made from the locked requirements.

# find_python: the first Python of 3.11 or newer that can make an environment with pip.
find_python() {
    local name
    for name in python3 python3.13 python3.12 python3.11 python3.14; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# python_environment base|dev: makes .venv or brings it up to the lock file; at once when nothing changed.
python_environment() {
    if ! has_working_venv; then
        step "Python environment" "$(find_python)" -m venv --clear .venv
    fi
    has_installed "$1" || {
        HINT="Can pip reach the package index? Then run this again; what has been fetched is kept."
        step "Python packages ($1)" install_locked "$1"
    }
}

has_working_venv() {
    .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The development packages contain those that the site needs to run.
has_installed() {
    local stamp
    stamp=$(cat .venv/installed 2>/dev/null) || return 1
    [ "$stamp" = "$(lock_of dev)" ] || { [ "$1" = base ] && [ "$stamp" = "$(lock_of base)" ]; }
}

lock_of() { sha256sum <"requirements/$1.txt"; }

install_locked() {
    .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes -r "requirements/$1.txt"
    lock_of "$1" >.venv/installed
}
