#!/bin/sh
# Judges the repository in the current folder; exit 0 when the task is done.
set -u
here=$(cd "$(dirname "$0")" && pwd)
PYTHONPATH=. timeout 60 python3 "$here/hidden.py"
result=$?
if [ -d /logs/verifier ]; then [ $result -eq 0 ] && echo 1 >/logs/verifier/reward.txt || echo 0 >/logs/verifier/reward.txt; fi
exit $result
