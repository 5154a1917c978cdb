#!/usr/bin/env bash
# A Slurm of one node with two slots on this machine, of Debian's slurmctld, slurmd and munge, by a user without rights.
# usage: slurm.sh start|stop FOLDER
#
# start leaves FOLDER/slurm.conf, which SLURM_CONF must name for sinfo, sbatch and the others; it ends with 77 where a part
# of Slurm is absent. Everything that runs listens on this machine alone and is ended by stop.
set -euo pipefail
what=$1 folder=$2
PATH=$PATH:/usr/sbin

free_ports() {
  python3 -c 'import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(s.getsockname()[1] for s in sockets))' "$1"
}

write_config() {
  local controller_port node_port host
  read -r controller_port node_port < <(free_ports 2)
  host=$(hostname -s)
  cat > "$folder/slurm.conf" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$node_port
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=3
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1
SlurmdParameters=config_overrides
MessageTimeout=10
KillWait=10
MinJobAge=3600
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
}

start() {
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" > /dev/null || { echo "needs $program (Debian's slurmctld, slurmd, slurm-client, munge)"; exit 77; }
  done
  mkdir -p "$folder"/{state,spool}
  chmod 755 "$folder"
  write_config
  export SLURM_CONF=$folder/slurm.conf
  (umask 077; head -c 128 /dev/urandom > "$folder/munge.key")
  munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munge.pid" \
    --log-file="$folder/munge.log" --seed-file="$folder/munge.seed"
  slurmctld -c
  slurmd -c
  for ((i = 0; i < 150; ++i)); do
    [[ $(sinfo --noheader --format=%T 2> /dev/null) == idle ]] && return
    sleep 0.2
  done
  tail -n 5 "$folder"/*.log >&2
  echo "the node is not idle after 30 s" >&2
  exit 1
}

stop() {
  export SLURM_CONF=$folder/slurm.conf
  scancel --user="$(id -un)" 2> /dev/null || true
  for name in slurmd slurmctld munge; do
    [[ -e $folder/$name.pid ]] || continue
    local pid
    pid=$(< "$folder/$name.pid")
    kill "$pid" 2> /dev/null || continue
    for ((i = 0; i < 50; ++i)); do kill -0 "$pid" 2> /dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2> /dev/null || true
  done
}

"$what"
