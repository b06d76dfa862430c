# Starts what runs beside the script, and ends all of it with the script, however the script ends.

LAUNCHED_ALL=()

# launch NAME SIGNAL COMMAND…: starts COMMAND in the background with its output in a log of that name; SIGNAL asks it
# to stop. A session of its own keeps a Ctrl-C at the terminal from it; the kernel sends it the signal should
# this script be killed. `--` in COMMAND stands where the program begins behind what changes the account.
launch() {
    local name=$1 signal=$2 before=()
    shift 2
    while [ "$1" != -- ]; do
        before+=("$1")
        shift
    done
    shift
    setsid "${before[@]}" setpriv --pdeathsig "$signal" -- "$@" >"$LOGS/$name.log" 2>&1 </dev/null 8>&- 9>&- &
    LAUNCHED=$!
    LAUNCHED_ALL+=("$LAUNCHED $signal $name")
}

is_running() { kill -0 "$1" 2>/dev/null; }

# end_process PID SIGNAL SECONDS: asks by SIGNAL, waits so long, and then insists.
end_process() {
    local tenths=$(($3 * 10))
    kill "-$2" "$1" 2>/dev/null || return 0
    while is_running "$1"; do
        tenths=$((tenths - 1))
        [ "$tenths" -gt 0 ] || kill -KILL "$1" 2>/dev/null || return 0
        sleep 0.1
    done
}

# Last started, first stopped: the database goes when nobody needs it any more.
end_all_launched() {
    local index pid signal name
    for index in "${!LAUNCHED_ALL[@]}"; do # the site's own processes all at once, the servers behind them later
        read -r pid signal name <<<"${LAUNCHED_ALL[index]}"
        [[ $name == *-server ]] || kill "-$signal" "$pid" 2>/dev/null || true
    done
    for ((index = ${#LAUNCHED_ALL[@]} - 1; index >= 0; index--)); do
        read -r pid signal name <<<"${LAUNCHED_ALL[index]}"
        end_process "$pid" "$signal" 20
    done
    LAUNCHED_ALL=()
}

# wait_for_any_end: returns when one of the launched has ended by itself, and says which.
wait_for_any_end() {
    local entry pid signal name
    wait -n 2>/dev/null || true
    for entry in "${LAUNCHED_ALL[@]}"; do
        read -r pid signal name <<<"$entry"
        is_running "$pid" || {
            show_end_of "$LOGS/$name.log"
            fail "The process \"$name\" has ended by itself. All it said is in $LOGS/$name.log."
        }
    done
}
