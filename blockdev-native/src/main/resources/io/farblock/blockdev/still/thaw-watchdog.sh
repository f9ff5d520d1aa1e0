# Thaws file systems that Farblock froze and cannot thaw any more. For bash; needs fsfreeze and flock of util-linux.
#
#   thaw-watchdog.sh watch DIRECTORY   the watchdog of one daemon, by lines on standard input and output:
#       arm MS PATH ...   these are about to be frozen, for MS milliseconds at most     -> armed | refused WHY
#       frozen            all of them are frozen now (no answer)
#       release           the daemon has thawed them                                    -> held | thawed COUNT
#     At the end of input, which is the end of the daemon, it thaws what is armed and exits. When the time is up it
#     thaws too, and waits for release.
#   thaw-watchdog.sh thaw DIRECTORY    thaws what a watchdog that is dead itself has left frozen; says "thawed PATH"
#
# Paths are written with \0ooo for all bytes but letters, digits and a few signs, so none holds a space or newline.
# DIRECTORY/frozen.PID names what is armed, from before the freeze until after the thaw, and is locked by its watchdog.
set -uf
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
umask 077
# whoever ends the daemon by a signal to all of its processes must not end what repairs it; PIPE: the daemon may be
# gone when it is answered, and the thaw comes after that
trap '' TERM INT HUP QUIT USR1 USR2 PIPE

directory=$2
IFS= read -r boot < /proc/sys/kernel/random/boot_id

# Hundredths of a second of a clock that nobody sets.
now()
{
    local seconds rest
    read -r seconds rest < /proc/uptime
    now=${seconds/./}
}

# Thaws each of $@ (paths, or descriptors by their path in /proc); those that were frozen are counted in $count and
# listed in $thawed. All at once: one whose device hangs keeps nobody else frozen, and one that lies on another can only
# be thawed when that is.
thaw_all()
{
    local path pids=() i=0
    thawed=()
    for path in "$@"; do
        fsfreeze -u "$path" < /dev/null > /dev/null 2>&1 &
        pids+=($!)
    done
    for path in "$@"; do
        if wait "${pids[i]}"; then
            count=$((count + 1))
            thawed+=("$path")
        fi
        i=$((i + 1))
    done
}

# Thaws what is armed, each at most once: a second time it could only be somebody else's freeze.
thaw_armed()
{
    local path one rest=()
    if [ ${#armed[@]} -eq 0 ]; then return; fi
    thaw_all "${armed[@]}"
    for path in "${armed[@]}"; do
        for one in "${thawed[@]}"; do
            if [ "$one" = "$path" ]; then continue 2; fi
        done
        rest+=("$path")
    done
    armed=("${rest[@]}")
}

disarm()
{
    local fd
    for fd in "${fds[@]}"; do exec {fd}<&-; done
    fds=()
    armed=()
    # after the thaw: whoever finds the marker with a name in it thaws that
    : 2> /dev/null >| "$marker"
}

# arm MS PATH ...: opens all and writes the marker, before the daemon freezes any.
arm()
{
    local path fd text="boot $boot" milliseconds=$1
    shift
    for path in "$@"; do
        text+=$'\n'"frozen $path"
        printf -v path '%b' "$path"
        if ! { exec {fd}< "$path"; } 2> /dev/null; then
            disarm
            echo "refused cannot open $path"
            return 1
        fi
        # by descriptor, so that it is thawed whatever is mounted over the path meanwhile
        fds+=("$fd")
        armed+=("/proc/$$/fd/$fd")
    done
    if ! printf '%s\n' "$text" 2> /dev/null >| "$marker"; then
        disarm
        echo "refused cannot write $marker; it needs a few bytes of space and a directory that may be written"
        return 1
    fi
    now
    deadline=$((now + (milliseconds + 9) / 10))
    count=0
    echo armed
}

# From armed to released, or to the end of the daemon.
guard()
{
    local line rest wait complete=0
    while :; do
        now
        rest=$((deadline - now))
        if [ $rest -le 0 ] && [ ${#armed[@]} -gt 0 ]; then
            thaw_armed
            # those that were not frozen are either thawed already, which is final, or their freeze is still under
            # way and ends after this look: that is tried again, or it would last for ever
            if [ $complete -eq 1 ]; then armed=(); fi
            rest=5
        fi
        if [ ${#armed[@]} -gt 0 ]; then
            printf -v wait '%d.%02d' $((rest / 100)) $((rest % 100))
            IFS= read -r -t "$wait" line
        else
            IFS= read -r line
        fi
        case $? in
            0) ;;
            # no more input: the daemon is dead, and whatever it was freezing is frozen, since a process keeps its end
            # of the pipe until its last system call is over
            1) thaw_armed; disarm; return 1 ;;
            *) continue ;;
        esac
        if [ "$line" = frozen ]; then complete=1; fi
        if [ "$line" = release ]; then
            disarm
            if [ $count -eq 0 ]; then echo held; else echo "thawed $count"; fi
            return 0
        fi
    done
}

# What dead watchdogs have left: those whose marker nobody has locked.
thaw_left_over()
{
    local left lock line path paths same
    set +f
    for left in "$directory"/frozen.*; do
        set -f
        if ! { exec {lock}< "$left"; } 2> /dev/null; then continue; fi
        if flock -n "$lock"; then
            paths=()
            same=0
            while IFS= read -r line; do
                case $line in
                    "boot $boot") same=1 ;;
                    'frozen '*) printf -v path '%b' "${line#frozen }"; paths+=("$path") ;;
                esac
            done < "$left"
            count=0
            # a marker of an earlier boot says nothing of this one
            if [ $same -eq 1 ] && [ ${#paths[@]} -gt 0 ]; then
                thaw_all "${paths[@]}"
                for path in "${thawed[@]}"; do printf 'thawed %q\n' "$path"; done
            fi
            rm -f "$left"
        fi
        exec {lock}<&-
    done
    set -f
}

watch()
{
    local line lock
    marker=$directory/frozen.$$
    fds=()
    armed=()
    thaw_left_over > /dev/null
    while :; do
        if ! { exec {lock}>> "$marker"; } 2> /dev/null || ! flock -w 5 "$lock"; then
            echo "refused cannot write and lock $marker"
            return 1
        fi
        # between the two somebody who looked for left-over markers may have removed it
        if [ "$marker" -ef "/proc/$$/fd/$lock" ]; then break; fi
        exec {lock}>&-
    done
    if ! command -v fsfreeze > /dev/null; then
        rm -f "$marker"
        echo "refused there is no fsfreeze in $PATH; install util-linux"
        return 1
    fi
    echo ready
    while IFS= read -r line; do
        case $line in
            'arm '*) if arm ${line#arm }; then guard || break; fi ;;
            release) echo held ;;
        esac
    done
    rm -f "$marker"
}

case $1 in
    watch) watch ;;
    thaw) thaw_left_over ;;
    *) echo "usage: thaw-watchdog.sh watch|thaw DIRECTORY" >&2; exit 2 ;;
esac
