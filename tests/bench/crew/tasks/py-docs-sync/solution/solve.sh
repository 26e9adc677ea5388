#!/bin/sh
# Does the task in the current folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cp -R "$here/files/." .
