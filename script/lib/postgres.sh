# A private PostgreSQL cluster with PostGIS. It is reached by a socket only, so that it meets no other server.

# The first owns the tables; the site itself works as the second, which `migrate` makes: it cannot alter the log.
DATABASE_ROLE=station
APPLICATION_ROLE=station_application
DATABASE_NAME=your_police_officer

installed_postgresql_versions() {
    local program
    for program in /usr/lib/postgresql/*/bin/postgres; do
        [ ! -x "$program" ] || basename "${program%/bin/postgres}"
    done | sort -V
}

# find_postgresql: the folder of the newest installed server's programs that has PostGIS beside it.
find_postgresql() {
    local version
    while read -r version; do
        if [ -e "/usr/share/postgresql/$version/extension/postgis.control" ]; then
            say "/usr/lib/postgresql/$version/bin"
            return
        fi
    done < <(installed_postgresql_versions | tac)
    return 1
}

# start_postgres FSYNC: starts the instance's cluster, makes its database, and exports DATABASE_URL.
start_postgres() {
    local data=$DATA/data
    HINT="If the cluster is damaged: remove $STATE/postgres, with all that was stored in it, and run this again."
    end_leftover_postgres "$data/postmaster.pid"
    [ -e "$data/PG_VERSION" ] || step "PostgreSQL cluster" make_cluster "$data"
    POSTGRES=/usr/lib/postgresql/$(cat "$data/PG_VERSION")/bin
    [ -x "$POSTGRES/postgres" ] || fail "$STATE/postgres was made by a PostgreSQL that is no longer installed." \
        "Install it again (it was $POSTGRES), or remove $STATE/postgres with all that was stored in it."
    launch postgresql-server INT "${AS_ACCOUNT[@]}" -- "$POSTGRES/postgres" -D "$data" \
        -c listen_addresses= -c "unix_socket_directories=$SOCKETS" -c "fsync=$1" -c synchronous_commit=off
    step "PostgreSQL" wait_for_postgres "$LAUNCHED"
    DATABASE_URL="postgis://$DATABASE_ROLE@/$DATABASE_NAME?host=$(url_quoted "$SOCKETS")"
    export DATABASE_URL
}

# use_application_role: from here on, only work on the schema is done as the owner. A database elsewhere is used as
# DATABASE_URL and OWNER_DATABASE_URL say.
use_application_role() {
    [ -n "${POSTGRES:-}" ] || return 0
    OWNER_DATABASE_URL=$DATABASE_URL
    DATABASE_URL=${DATABASE_URL/"//$DATABASE_ROLE@"/"//$APPLICATION_ROLE@"}
    export DATABASE_URL OWNER_DATABASE_URL
}

make_cluster() {
    "${AS_ACCOUNT[@]}" rm -rf "$1.new"
    "${AS_ACCOUNT[@]}" "$(find_postgresql)/initdb" --pgdata "$1.new" --username "$DATABASE_ROLE" \
        --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync
    "${AS_ACCOUNT[@]}" mv "$1.new" "$1"
}

# After a crash the lock file may name a server that is still stopping, or a process number that something else
# has by now: the first is ended, the second forgotten.
end_leftover_postgres() {
    local lock=$1 pid
    [ -e "$lock" ] || return 0
    pid=$(head -n 1 "$lock")
    if [[ $(tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") == *"$DATA"* ]]; then
        step "PostgreSQL left from before stops" end_process "$pid" INT 60
    fi
    rm -f "$lock"
}

wait_for_postgres() {
    local as=(-h "$SOCKETS" -U "$DATABASE_ROLE")
    until "$POSTGRES/pg_isready" -q "${as[@]}" -d postgres; do
        is_running "$1" || { cat "$LOGS/postgresql-server.log" && return 1; }
        sleep 0.1
    done
    [ -z "${FRESH_DATABASE:-}" ] || "$POSTGRES/dropdb" --if-exists "${as[@]}" "$DATABASE_NAME"
    "$POSTGRES/psql" "${as[@]}" -d postgres -tAc 'select datname from pg_database' |
        grep -qx "$DATABASE_NAME" || "$POSTGRES/createdb" "${as[@]}" "$DATABASE_NAME"
}

# Without the pool, whose own error says only that it took too long.
database_answers() {
    DJANGO_SETTINGS_MODULE=config.settings.test .venv/bin/python -c \
        'import django; django.setup(); from django.db import connection; connection.ensure_connection()'
}
