#!/bin/bash
# display.sh: a virtual X display on a free number, printed as DISPLAY=:n and then "ready"; ends when its
# stdin closes. Needs Debian's xvfb.
set -euo pipefail
trap '' INT TERM HUP
xvfb=''
trap '[ -z "$xvfb" ] || kill "$xvfb" 2>/dev/null || true' EXIT
exec {number}< <(exec Xvfb -displayfd 1 -screen 0 1440x900x24 -nolisten tcp -noreset </dev/null)
xvfb=$!
read -r display <&"$number"
printf 'DISPLAY=:%s\nready\n' "$display"
cat >/dev/null
