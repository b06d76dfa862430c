# Tells a person what is being done, how long it took, and what to do when it failed.

say() { printf '%s\n' "$@"; }

# fail SENTENCE…: says what is wrong and what to do, one sentence a line, and ends the script.
fail() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

microseconds() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# seconds_since MICROSECONDS: "1.2 s"
seconds_since() {
    local tenths=$((($(microseconds) - $1) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# step TITLE COMMAND…: runs COMMAND with its output in a log file. While it runs, a terminal shows the seconds and
# the last line of the log. If it fails, the end of the log is shown with $HINT, and the script ends.
# Never call it in a condition: bash would ignore `set -e` inside.
step() {
    local title=$1 log status=0 started
    shift
    mkdir -p "$LOGS"
    log="$LOGS/$(tr -cs '[:alnum:]' '-' <<<"${title,,}" | sed 's/-*$//').log"
    started=$(microseconds)
    printf '==> %s … ' "$title"
    set -m # a process group of its own, so that an interrupted step ends with all that it started
    (
        set -e
        "$@"
    ) >"$log" 2>&1 </dev/null 8>&- 9>&- &
    STEP_PID=$!
    set +m
    [ ! -t 1 ] || show_progress "$title" "$log" "$started"
    wait "$STEP_PID" || status=$?
    STEP_PID=
    if [ "$status" -eq 0 ]; then
        say "$(seconds_since "$started")"
    else
        say "failed after $(seconds_since "$started")"
        show_end_of "$log"
        fail "The step \"$title\" failed. All it said is in $log." "${HINT:-}"
    fi
}

show_progress() {
    local width last
    width=$(tput cols 2>/dev/null || echo 80)
    while kill -0 "$STEP_PID" 2>/dev/null; do
        sleep 0.2
        last=$(tail -n 1 "$2" | tr -cd '[:print:]')
        printf '\r\033[K%s' "$(cut -c "1-$((width - 1))" <<<"==> $1 … $(seconds_since "$3")  $last")"
    done
    printf '\r\033[K==> %s … ' "$1"
}

show_end_of() {
    say "--- the last lines of $1"
    tail -n 20 "$1" || true
    say "---"
}

# Ends a step that is still running, with everything that it started.
stop_step() {
    [ -z "${STEP_PID:-}" ] || kill -TERM -- "-$STEP_PID" 2>/dev/null || true
}
