# Where one purpose (server, check, test) keeps its private servers, and as whom they run.

# open_instance NAME: sets STATE and LOGS, and refuses a second run of the same purpose in this checkout.
open_instance() {
    STATE=$PWD/.local/$1
    LOGS=$STATE/log
    mkdir -p "$LOGS" 2>/dev/null && [ -w "$LOGS" ] || fail "$PWD/.local cannot be written to." \
        "It may belong to another account: run this as that one, or remove the folder."
    exec 9>>"$STATE/lock"
    flock -n 9 || fail "script/$(basename "$0") already runs from this checkout." \
        "Use that one, or stop it (Ctrl-C in its terminal) and start again."
}

# place_private_servers: sets DATA (the cluster's folder), SOCKETS and AS_ACCOUNT.
# PostgreSQL refuses to run as root; root therefore lends both servers an unprivileged account.
place_private_servers() {
    AS_ACCOUNT=(env -C /)
    if [ "$EUID" -eq 0 ]; then
        ACCOUNT=$(unprivileged_account)
        AS_ACCOUNT=(env -C / setpriv "--reuid=$ACCOUNT" "--regid=$(id -g "$ACCOUNT")" --init-groups)
    fi
    make_data_folder
    make_socket_folder
}

# The account that owns the cluster, if there is one already.
unprivileged_account() {
    local owner
    owner=$(stat -L -c %U "$STATE/postgres/data" 2>/dev/null) || owner=root
    if [ "$owner" != root ] && [ "$owner" != UNKNOWN ]; then
        say "$owner"
    elif id postgres >/dev/null 2>&1; then
        say postgres
    else
        say nobody
    fi
}

# The cluster lies under .local. Where its account cannot go there (a checkout in /root), it lies under /var/lib and
# .local has a link to it.
make_data_folder() {
    local elsewhere
    if [ ! -d "$STATE/postgres" ]; then
        rm -f "$STATE/postgres"
        if "${AS_ACCOUNT[@]}" test -x "$STATE"; then
            mkdir "$STATE/postgres"
        else
            elsewhere=/var/lib/your-police-officer/$(short_hash "$STATE")
            rm -rf "$elsewhere"
            install -d -m 755 "${elsewhere%/*}" "$elsewhere"
            ln -s "$elsewhere" "$STATE/postgres"
        fi
    fi
    DATA=$(readlink -f "$STATE/postgres")
    own_by_account "$DATA"
}

# A socket's whole path may have 107 bytes, and PostgreSQL reads a comma as the end of it.
make_socket_folder() {
    SOCKETS=$DATA/sockets
    if [ ${#SOCKETS} -gt 85 ] || [[ ! $SOCKETS =~ ^[A-Za-z0-9/._\ +-]+$ ]]; then
        SOCKETS=$(mktemp -d /tmp/your-police-officer.XXXXXX)
        SOCKETS_TO_REMOVE=$SOCKETS
    fi
    mkdir -p "$SOCKETS"
    own_by_account "$SOCKETS"
}

own_by_account() {
    chmod 700 "$1"
    [ -z "${ACCOUNT:-}" ] || chown "$ACCOUNT:" "$1"
}

short_hash() { sha256sum <<<"$1" | cut -c 1-16; }

url_quoted() { .venv/bin/python -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$1"; }
