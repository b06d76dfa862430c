# The site itself: prepared by manage.py, then a web server, a worker and a clock. docker-compose.yml starts the same.

WEB=(gunicorn --config config/gunicorn.py)
WORKER=(celery --app config worker --loglevel INFO)
BEAT=(celery --app config beat --loglevel INFO)

manage() { .venv/bin/python manage.py "$@"; }

# Hashing and compressing takes seconds, so it is done when something has changed: a package, a setting, a file.
collect_static_files() {
    manage collectstatic --no-input
    static_sources >.local/static/sources
}

has_static_files() { [ "$(static_sources)" = "$(cat .local/static/sources 2>/dev/null)" ]; }

static_sources() {
    {
        cat .venv/installed config/apps.py config/settings/base.py
        find static -type f -exec sha256sum {} + | sort
    } | sha256sum
}

compile_messages() { manage compilemessages --ignore .venv --ignore .local; }

has_messages() {
    local source
    for source in locale/*/LC_MESSAGES/*.po; do
        [ ! -e "$source" ] || [ "${source%.po}.mo" -nt "$source" ] || return 1
    done
}

prepare_site() {
    HINT="May the database's role create tables and the extensions postgis and btree_gist?"
    step "Database schema" manage migrate --no-input
    HINT="Is msgfmt of GNU gettext installed?"
    has_messages || step "Translations" compile_messages
    HINT="Is there space left on the disk?"
    has_static_files || step "Static files" collect_static_files
    HINT="If the database holds data of an older version, remove $STATE/postgres and run this again."
    step "Demo" manage load_demo
}

# The three do not know how to become the owner of the tables.
launch_site() {
    local as_application=(env -u OWNER_DATABASE_URL)
    rm -f "$STATE/beat-schedule"*
    launch web TERM "${as_application[@]}" -- .venv/bin/python -m "${WEB[@]}"
    launch worker TERM "${as_application[@]}" -- .venv/bin/python -m "${WORKER[@]}"
    launch beat TERM "${as_application[@]}" -- .venv/bin/python -m "${BEAT[@]}" --schedule "$STATE/beat-schedule"
    HINT="The web server's log is $LOGS/web.log."
    step "Web server" wait_for_web "$(pid_of web)"
}

pid_of() {
    local pid signal name
    while read -r pid signal name; do
        [ "$name" != "$1" ] || say "$pid"
    done < <(printf '%s\n' "${LAUNCHED_ALL[@]}")
}

wait_for_web() {
    local until=$((SECONDS + 60))
    until [[ $(status_line /healthz) == *" 200 "* ]]; do
        is_running "$1" && [ $SECONDS -lt $until ] || {
            say "/healthz answers: $(status_line /healthz)"
            cat "$LOGS/web.log"
            return 1
        }
        sleep 0.2
    done
}

# status_line PATH: the first line of the site's answer, or nothing.
status_line() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$PORT"
        printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$1" >&3
        head -n 1 <&3
    ) 2>/dev/null || true
}

# choose_port: PORT as given, or 8000; taken or impossible ones are refused before anything is started.
choose_port() {
    local try
    PORT=${PORT:-8000}
    export PORT
    [[ $PORT =~ ^[1-9][0-9]{0,4}$ ]] && [ "$PORT" -le 65535 ] ||
        fail "PORT must be a number from 1 to 65535, not \"$PORT\"."
    for try in 1 2 3 4 5 6; do
        port_is_taken || return 0
        [ "$try" = 6 ] || sleep 0.5 # what ran here a moment ago may still be stopping
    done
    fail "Port $PORT is taken by another program. Choose another one, for example:" \
        "" "    PORT=$((PORT < 65000 ? PORT + 10 : 8010)) script/server"
}

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; }

free_port() {
    .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
