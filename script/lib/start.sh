# What every script does first: the modules, the checkout as working directory, and an orderly end.

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. script/lib/report.sh
. script/lib/processes.sh
. script/lib/packages.sh
. script/lib/python.sh
. script/lib/postgres.sh
. script/lib/redis.sh
. script/lib/instance.sh
. script/lib/site.sh

umask 022
export PYTHONUNBUFFERED=1

end_everything() {
    trap '' INT TERM HUP # once is enough
    stop_step
    end_all_launched
    [ -z "${SOCKETS_TO_REMOVE:-}" ] || rm -rf "$SOCKETS_TO_REMOVE"
    [ -z "${SAY_AT_END:-}" ] || say "$SAY_AT_END"
}
trap end_everything EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# bootstrap base|dev PART…: the packages and the Python environment. Two scripts at once take turns.
bootstrap() {
    local requirements=$1
    shift
    exec 8>>"$PWD/.local/bootstrap.lock"
    flock -n 8 || {
        say "Another script is preparing this checkout; waiting for it."
        flock 8
    }
    install_missing "$@"
    python_environment "$requirements"
    exec 8>&-
}

# private_servers FSYNC: starts PostgreSQL and Redis, but for those that DATABASE_URL and REDIS_URL name elsewhere.
private_servers() {
    [ -n "${DATABASE_URL:-}" ] && [ -n "${REDIS_URL:-}" ] || place_private_servers
    if [ -n "${DATABASE_URL:-}" ]; then
        HINT="DATABASE_URL must name a PostgreSQL database that exists: postgis://user:password@host:5432/name"
        step "Database elsewhere" database_answers
    else
        start_postgres "$1"
    fi
    if [ -n "${REDIS_URL:-}" ]; then
        HINT="REDIS_URL must name a Redis that answers: redis://host:6379/0"
        step "Redis elsewhere" redis_answers
    else
        start_redis
    fi
}

# parts_needed: what a run needs on the machine; a server elsewhere needs no package here.
parts_needed() {
    printf '%s\n' python gdal pango fonts gettext
    [ -n "${DATABASE_URL:-}" ] || say postgresql
    [ -n "${REDIS_URL:-}" ] || say redis
}
