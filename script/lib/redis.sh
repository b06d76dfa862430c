# A private Redis. It holds nothing that a restart may not lose: the database's rows are the truth.

# find_redis: the server's program. Debian ships it in redis-tools too, under another name; that package brings no
# service that would start by itself, so it is the one that is installed.
find_redis() {
    command -v redis-server || command -v valkey-server || command -v redis-check-rdb || command -v valkey-check-rdb
}

start_redis() {
    local socket=$SOCKETS/redis.sock program
    rm -f "$socket"
    program=$(find_redis)
    HINT="Is ${program} a Redis server?"
    launch redis-server TERM "${AS_ACCOUNT[@]}" -- "$BASH" -c 'exec -a redis-server "$@"' redis "$program" \
        --port 0 --unixsocket "$socket" --unixsocketperm 700 --save '' --appendonly no --dir "$SOCKETS"
    step "Redis" wait_for_redis "$LAUNCHED" "$socket"
    REDIS_URL="redis+socket://$(url_quoted "$socket")"
    export REDIS_URL
}

wait_for_redis() {
    until [ -S "$2" ]; do
        is_running "$1" || { cat "$LOGS/redis-server.log" && return 1; }
        sleep 0.1
    done
}

redis_answers() {
    .venv/bin/python -c \
        'from config.celery import app; app.connection_for_write().ensure_connection(max_retries=1, timeout=5)'
}
