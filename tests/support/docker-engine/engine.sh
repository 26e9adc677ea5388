#!/bin/bash
# A private, throw-away Docker engine for tests and the demo (root, Debian 12). Nothing is installed, and
# nothing is written outside the folders it is given.
#
#   engine.sh unpack PROGRAMS PACKAGE...   downloads Debian's packages and unpacks them there
#   engine.sh run PROGRAMS DATA SOCKETS [FOLDER SIZE]...
#                                          runs the engine until stdin closes, then removes every trace
#
# The engine hears on SOCKETS/docker.sock; keep that path short (a unix socket's is 107 characters at most). SOCKETS/pid
# names the process whose mount and network namespaces are the engine's. Each FOLDER is, for the engine and in those
# namespaces alone, a disk of its own of that SIZE (as tmpfs takes it): DATA itself, for example, to see it full.
# `run` ends when its stdin does, so the engine cannot outlive the program that holds the other end, even
# one that was killed.
set -euo pipefail

unpack() {
  local programs=$1
  shift
  local packages=("$@")
  debs=$(mktemp -d)
  trap 'rm -rf "$debs"' EXIT
  fetch() { (cd "$debs" && apt-get -qq -o APT::Sandbox::User=root download "${packages[@]}"); }
  fetch 2>/dev/null || { apt-get -qq update; fetch; }
  mkdir -p "$programs.part/alt"
  for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$programs.part"; done
  if [ -e "$programs.part/usr/sbin/xtables-nft-multi" ]; then
    for tool in iptables ip6tables iptables-save iptables-restore; do
      ln -sf ../usr/sbin/xtables-nft-multi "$programs.part/alt/$tool"
    done
  fi
  rm -rf "$programs"
  mv "$programs.part" "$programs"
}

# Its own mount, network and process namespaces: one kill ends dockerd, containerd, shims and containers.
start() {
  local programs=$1 data=$2 sockets=$3 group=$4 libs
  shift 4
  libs=$(echo "$programs"/usr/lib/*-linux-gnu)
  PATH=$programs/alt:$programs/usr/bin:$programs/usr/sbin:$PATH \
    XTABLES_LIBDIR=$libs/xtables LD_LIBRARY_PATH=$libs \
    exec unshare --mount --net --pid --fork --kill-child --mount-proc --propagation slave sh -c '
      set -e
      mount -t tmpfs tmpfs /run
      ip link set lo up
      # dockerd writes /etc/docker/key.json
      mkdir /run/u /run/w
      mount -t overlay -o lowerdir=/etc,upperdir=/run/u,workdir=/run/w etc /etc
      mkdir /run/cg
      mount --rbind /sys/fs/cgroup /run/cg
      mount -t sysfs sysfs /sys
      mount --rbind /run/cg /sys/fs/cgroup
      umount -l /run/cg
      while [ "$1" != -- ]; do
        mount -t tmpfs -o "size=$2" tmpfs "$1"
        shift 2
      done
      shift
      exec dockerd "$@"' sh "$@" -- \
    --data-root "$data" --exec-root "$sockets/exec" --pidfile "$sockets/dockerd.pid" \
    -H "unix://$sockets/docker.sock" --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$group" \
    --storage-driver overlay2 --log-level error --shutdown-timeout 1 </dev/null
}

remove_cgroups() {
  local group=$1 folder
  for folder in "/sys/fs/cgroup/$group" /sys/fs/cgroup/*/"$group"; do
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      [ -d "$folder" ] || break
      find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
      [ ! -d "$folder" ] || sleep 0.1
    done
  done
}

run() {
  local programs=$1 data=$2 sockets=$3 group folder
  shift 3
  group=dev-crew-$(basename "$sockets")
  trap '' INT TERM HUP
  mkdir -p "$data" "$sockets"
  for folder in "$@"; do case $folder in /*) mkdir -p "$folder" ;; esac; done
  start "$programs" "$data" "$sockets" "$group" "$@" >&2 &
  local engine=$!
  echo "$engine" >"$sockets/pid"
  cat <&0 >/dev/null &
  local lifeline=$!
  wait -n || true
  kill -KILL "$engine" "$lifeline" 2>/dev/null || true
  wait "$engine" 2>/dev/null || true
  remove_cgroups "$group"
  rm -rf "$data" "$sockets" || { sleep 0.5; rm -rf "$data" "$sockets"; }
}

case ${1:-} in
  unpack) unpack "${@:2}" ;;
  run) run "${@:2}" ;;
  *) echo "usage: engine.sh unpack PROGRAMS PACKAGE... | run PROGRAMS DATA SOCKETS [FOLDER SIZE]..." >&2; exit 2 ;;
esac
