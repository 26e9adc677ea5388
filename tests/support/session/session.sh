#!/bin/bash
# session.sh: a private D-Bus session with a real, unlocked Secret Service (gnome-keyring) on it, whose files
# lie in a folder of its own. Prints XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS and KEYRING (or
# NO_KEYRING=reason) as NAME=value lines, then "ready"; ends, with all it made, when its stdin closes.
# Needs Debian's dbus and gnome-keyring.
set -euo pipefail
trap '' INT TERM HUP
folder=$(mktemp -d /tmp/dcs-XXXXXX)
bus='' keyring=''

clean() {
  [ -z "$keyring" ] || kill "$keyring" 2>/dev/null || true
  [ -z "$bus" ] || kill "$bus" 2>/dev/null || true
  rm -rf "$folder" || { sleep 0.5; rm -rf "$folder"; }
}
trap clean EXIT

export HOME=$folder/home XDG_RUNTIME_DIR=$folder/run
mkdir -m 700 "$HOME" "$XDG_RUNTIME_DIR"
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME DISPLAY WAYLAND_DISPLAY

exec {address}< <(exec dbus-daemon --session --nofork --print-address=1 "--address=unix:path=$XDG_RUNTIME_DIR/bus" </dev/null)
bus=$!
read -r DBUS_SESSION_BUS_ADDRESS <&"$address"
export DBUS_SESSION_BUS_ADDRESS

# The daemon forks once it is unlocked; the bus knows the process that answers in the end.
keyring_pid() {
  dbus-send --print-reply=literal --dest=org.freedesktop.DBus / \
    org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets 2>/dev/null | grep -o '[0-9]*$'
}
printf %s keyring | gnome-keyring-daemon --unlock --components=secrets >/dev/null || true
for _ in $(seq 600); do
  keyring=$(keyring_pid || true)
  [ -z "$keyring" ] || break
  sleep 0.1
done

printf '%s\n' "XDG_RUNTIME_DIR=$XDG_RUNTIME_DIR" "DBUS_SESSION_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS"
if [ -n "$keyring" ]; then echo "KEYRING=gnome-keyring"; else echo "NO_KEYRING=gnome-keyring did not come up"; fi
echo ready
cat >/dev/null
