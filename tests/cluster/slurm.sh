#!/usr/bin/env bash
# A real Slurm on this one machine, for tests: controller, node daemon and
# munge from Debian's packages, everything they write in one folder.
#
#   slurm.sh install     Debian packages (needs root); 3 when they cannot be had
#   slurm.sh start       bring it up, wait until the node is idle; prints
#                        `export SLURM_CONF=...` and nothing else on stdout:
#                            eval "$(tests/cluster/slurm.sh start)"
#   slurm.sh status      the daemons and what sinfo and squeue say; 1 when down
#   slurm.sh stop        cancel the jobs, end the daemons, remove the folder
#   slurm.sh env         print the export line again
#
#   SLURM_LAB             the folder          (default slurm-lab-UID in the folder for temporary files)
#   SLURM_LAB_PORT        first of 3 TCP ports of loopback (default 17817)
#   SLURM_LAB_ACCOUNTING  1: also MariaDB and slurmdbd, so that sacct answers.
#                         Say it to install and to start. submitit needs it to
#                         notice a job that died without leaving a result.
#   SLURM_LAB_CPUS, SLURM_LAB_MEMORY_MB   in place of what the machine has
#   SLURM_LAB_CONF        more lines for slurm.conf
#   SLURM_LAB_WAIT        seconds to wait for each daemon   (default 60)
#   SLURM_LAB_KEEP        1: stop leaves the folder with its logs
set -euo pipefail

LAB=$(realpath -m "${SLURM_LAB:-$(dirname "$(mktemp -u)")/slurm-lab-$(id -u)}")
PORT=${SLURM_LAB_PORT:-17817}
ACCOUNTING=${SLURM_LAB_ACCOUNTING:-0}
WAIT=${SLURM_LAB_WAIT:-60}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export SLURM_CONF=$LAB/slurm.conf

say() { printf 'slurm-lab: %s\n' "$*" >&2; }
die() { local code=$1; shift; say "$*"; exit "$code"; }

# ---------------------------------------------------------------- install

commands_wanted() {
    echo slurmctld slurmd munged mungekey sbatch srun sinfo squeue scontrol scancel
    if [ "$ACCOUNTING" = 1 ]; then echo slurmdbd sacct mariadbd mariadb-install-db; fi
}

missing() {
    local name
    for name in $(commands_wanted); do
        command -v "$name" >/dev/null 2>&1 || printf '%s ' "$name"
    done
}

install_packages() {
    local log policy=/usr/sbin/policy-rc.d
    local packages=(slurmctld slurmd slurm-client munge)
    if [ "$ACCOUNTING" = 1 ]; then packages+=(slurmdbd mariadb-server); fi
    if [ -z "$(missing)" ]; then return 0; fi
    command -v apt-get >/dev/null 2>&1 ||
        die 3 "cannot install Slurm: no apt-get here (missing: $(missing))"
    [ "$(id -u)" = 0 ] ||
        die 3 "cannot install Slurm: not root (missing: $(missing))"
    log=$(mktemp)
    # The packages would start daemons of their own: keep them from it.
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    export DEBIAN_FRONTEND=noninteractive
    local get=(apt-get -qq -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=2)
    if ! "${get[@]}" install --no-install-recommends "${packages[@]}" >"$log" 2>&1; then
        # Old or no package lists: fetch them and try once more.
        if ! { "${get[@]}" update &&
               "${get[@]}" install --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
            die 3 "cannot install Slurm: $(grep -m1 '^E:' "$log" || echo 'apt-get failed') (log: $log)"
        fi
    fi
    [ -z "$(missing)" ] || die 3 "cannot install Slurm: packages are in but still missing: $(missing)"
    rm -f "$log"
}

# ---------------------------------------------------------------- processes

pid_of() { cat "$LAB/run/$1.pid" 2>/dev/null || true; }

# A daemon is ours when the recorded process has its name and our folder in its
# command line or environment: a number alone may have been given anew. No -q
# below: with pipefail an early end of grep would fail the line.
alive() {
    local pid; pid=$(pid_of "$1")
    [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$1" ] &&
        cat "/proc/$pid/cmdline" "/proc/$pid/environ" 2>/dev/null |
        tr '\0' '\n' | grep -F -- "$LAB" >/dev/null
}

end() {
    local name=$1 seconds=${2:-10} pid i
    if ! alive "$name"; then return 0; fi
    pid=$(pid_of "$name")
    kill "$pid" 2>/dev/null || true
    for ((i = 0; i < seconds * 10; i++)); do
        alive "$name" || return 0
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
    sleep 0.2
}

# until_ok SECONDS COMMAND...: repeat the command until it succeeds.
until_ok() {
    local end=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

# ---------------------------------------------------------------- settings

host() { uname -n | cut -d. -f1; }

# Slurm can listen on one address only if that is its host name's: where the
# name has no address, or not the one used here, munge alone guards the ports.
only_loopback() {
    if [ "$(getent ahostsv4 "$(uname -n)" | awk '{ print $1; exit }')" = 127.0.0.1 ]; then
        echo CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
    fi
}

memory_mb() {
    local have limit
    have=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
    for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
        if [ -r "$limit" ]; then
            limit=$(cat "$limit")
            if [[ $limit =~ ^[0-9]+$ ]] && [ $((limit / 1048576)) -lt "$have" ]; then
                have=$((limit / 1048576))
            fi
            break
        fi
    done
    echo "$have"
}

write_conf() {
    local cpus memory version
    # nproc would take OpenMP's variables for the number of CPUs.
    cpus=${SLURM_LAB_CPUS:-$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)}
    memory=${SLURM_LAB_MEMORY_MB:-$(memory_mb)}
    # cred_expire: a requeued job may start again only after the credential of
    #   its first start has run out, by default two minutes.
    # config_overrides: take the CPUs and memory given here as they are.
    # CR_CPU: a CPU each, so that as many jobs run at once as there are CPUs;
    #   memory is asked for by jobs but not rationed.
    cat >"$LAB/slurm.conf" <<CONF
ClusterName=lab
SlurmctldHost=$(host)(127.0.0.1)
SlurmctldPort=$PORT
SlurmdPort=$((PORT + 1))
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$LAB/run/munge.socket,cred_expire=10
$(only_loopback)
StateSaveLocation=$LAB/state
SlurmdSpoolDir=$LAB/spool
SlurmctldPidFile=$LAB/run/slurmctld.pid
SlurmdPidFile=$LAB/run/slurmd.pid
SlurmctldLogFile=$LAB/log/slurmctld.log
SlurmdLogFile=$LAB/log/slurmd.log
SlurmctldParameters=idle_on_node_suspend
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=5,bf_interval=5
MaxArraySize=10001
MaxJobCount=20000
MinJobAge=3600
ReturnToService=2
KillWait=5
JobRequeue=1
NodeName=$(host) NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$memory State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE DefaultTime=60 OverSubscribe=NO State=UP
CONF
    if [ "$ACCOUNTING" = 1 ]; then
        cat >>"$LAB/slurm.conf" <<CONF
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=$((PORT + 2))
AccountingStoragePass=$LAB/run/munge.socket
CONF
        cat >"$LAB/slurmdbd.conf" <<CONF
AuthType=auth/munge
AuthInfo=socket=$LAB/run/munge.socket
DbdHost=$(host)
DbdAddr=127.0.0.1
DbdPort=$((PORT + 2))
SlurmUser=$(id -un)
PidFile=$LAB/run/slurmdbd.pid
LogFile=$LAB/log/slurmdbd.log
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=root
StorageLoc=slurm_acct_db
$(only_loopback)
CONF
        chmod 600 "$LAB/slurmdbd.conf"
    else
        echo 'AccountingStorageType=accounting_storage/none' >>"$LAB/slurm.conf"
    fi
    # From 23.11 on the daemons ask for cgroups even where nothing uses them.
    version=$(slurmctld -V | sed 's/[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1\2/')
    if [ "$version" -ge 2311 ]; then
        echo 'CgroupPlugin=disabled' >"$LAB/cgroup.conf"
        # Dropped or renamed since.
        sed -i '/^CredType=/d' "$LAB/slurm.conf"
    fi
    if [ -n "${SLURM_LAB_CONF:-}" ]; then printf '%s\n' "$SLURM_LAB_CONF" >>"$LAB/slurm.conf"; fi
}

# ---------------------------------------------------------------- start, stop

start_munge() {
    alive munged && return 0
    if [ ! -s "$LAB/munge.key" ]; then
        mungekey --create --keyfile="$LAB/munge.key"
    fi
    chmod 600 "$LAB/munge.key"
    munged --key-file="$LAB/munge.key" --socket="$LAB/run/munge.socket" \
        --pid-file="$LAB/run/munged.pid" --log-file="$LAB/log/munged.log" \
        --seed-file="$LAB/state/munge.seed" >>"$LAB/log/start.log" 2>&1 ||
        die 1 "munged does not start: $(tail -n 1 "$LAB/log/start.log")"
    until_ok 10 munge -n -S "$LAB/run/munge.socket" || die 1 "munged does not answer"
}

start_accounting() {
    [ "$ACCOUNTING" = 1 ] || return 0
    export MYSQL_UNIX_PORT=$LAB/run/mariadb.socket
    if ! alive mariadbd; then
        if [ ! -d "$LAB/mariadb/mysql" ]; then
            mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$LAB/mariadb" \
                --auth-root-authentication-method=normal --skip-test-db >>"$LAB/log/start.log" 2>&1 ||
                die 1 "MariaDB's tables cannot be made (see $LAB/log/start.log)"
        fi
        setsid mariadbd --no-defaults --user="$(id -un)" --datadir="$LAB/mariadb" --skip-networking \
            --socket="$MYSQL_UNIX_PORT" --pid-file="$LAB/run/mariadbd.pid" \
            --innodb-buffer-pool-size=64M --innodb-lock-wait-timeout=900 \
            --innodb-flush-log-at-trx-commit=0 \
            --log-error="$LAB/log/mariadbd.log" </dev/null >/dev/null 2>&1 &
        until_ok "$WAIT" mariadb --no-defaults --user=root --socket="$MYSQL_UNIX_PORT" -e 'select 1' ||
            die 1 "MariaDB does not answer (see $LAB/log/mariadbd.log)"
    fi
    if ! alive slurmdbd; then
        SLURM_CONF=$LAB/slurm.conf slurmdbd >>"$LAB/log/start.log" 2>&1 ||
            die 1 "slurmdbd does not start: $(tail -n 1 "$LAB/log/start.log")"
        until_ok "$WAIT" timeout 10 sacctmgr -n show cluster ||
            die 1 "slurmdbd does not answer (see $LAB/log/slurmdbd.log)"
    fi
    # The controller would add itself, but only some seconds after its start.
    timeout 20 sacctmgr -i add cluster lab >>"$LAB/log/start.log" 2>&1 || true
}

idle() { sinfo -h -o %T | grep -qxE 'idle|mixed|allocated'; }

start() {
    [ -z "$(missing)" ] || die 3 "Slurm is not installed (missing: $(missing)): run '$0 install'"
    # The path of a socket may have no more than 107 characters.
    [ ${#LAB} -le 80 ] || die 1 "the folder's name is too long for a socket in it: $LAB"
    if [ ! -e "$LAB/.slurm-lab" ] && [ -n "$(ls -A "$LAB" 2>/dev/null)" ]; then
        die 1 "$LAB holds something else: name an empty folder in SLURM_LAB"
    fi
    umask 022
    mkdir -p "$LAB"/{run,log,state,spool}
    touch "$LAB/.slurm-lab"
    # munged refuses to work in folders that others may write.
    chmod 755 "$LAB" "$LAB"/{run,log,state,spool}
    # A lab that runs keeps the settings it was started with.
    if ! alive slurmctld && ! alive slurmd; then write_conf; fi
    start_munge
    start_accounting
    if ! alive slurmctld; then
        slurmctld >>"$LAB/log/start.log" 2>&1 ||
            die 1 "slurmctld does not start: $(tail -n 1 "$LAB/log/start.log")"
    fi
    until_ok "$WAIT" scontrol ping || die 1 "slurmctld does not answer (see $LAB/log/slurmctld.log)"
    if ! alive slurmd; then
        slurmd >>"$LAB/log/start.log" 2>&1 ||
            die 1 "slurmd does not start: $(tail -n 1 "$LAB/log/start.log")"
    fi
    if ! until_ok "$WAIT" idle; then
        sinfo -R >&2 || true
        die 1 "the node does not become idle: $(sinfo -h -o '%T %E' 2>&1) (logs: $LAB/log)"
    fi
    print_env
}

print_env() { printf 'export SLURM_CONF=%q\n' "$LAB/slurm.conf"; }

stop() {
    [ -d "$LAB" ] || return 0
    if alive slurmctld; then
        timeout 10 scancel --full --signal=KILL --partition=debug >/dev/null 2>&1 || true
        timeout 10 scancel --partition=debug >/dev/null 2>&1 || true
        no_jobs() { [ -z "$(squeue -h 2>/dev/null)" ]; }
        until_ok 15 no_jobs || say "some jobs did not end: $(squeue -h -o %A | tr '\n' ' ')"
    fi
    end slurmd
    end slurmctld
    end slurmdbd
    end mariadbd 20
    end munged
    if [ -e "$LAB/.slurm-lab" ]; then
        if [ "${SLURM_LAB_KEEP:-0}" = 1 ]; then say "kept $LAB"; else rm -rf "$LAB"; fi
    fi
}

status() {
    local name up=0 wanted='munged slurmctld slurmd'
    if grep -qs '^AccountingStorageType=accounting_storage/slurmdbd' "$LAB/slurm.conf"; then
        wanted="mariadbd slurmdbd $wanted"
    fi
    for name in $wanted; do
        if alive "$name"; then echo "$name: up ($(pid_of "$name"))"; else echo "$name: down"; up=1; fi
    done
    if [ "$up" = 0 ]; then
        sinfo -o '%P %T %D nodes, CPUs %C, %m MB' && squeue
    fi
    return "$up"
}

case ${1:-} in
    install) install_packages ;;
    start) start ;;
    stop) stop ;;
    status) status ;;
    env) print_env ;;
    *) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2 ;;
esac
