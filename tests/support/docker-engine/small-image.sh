#!/bin/bash
# small-image.sh MEGABYTES: streams a root file system of a few MB from this machine's own files (Debian), and so many
# MB of noise that no compression makes smaller, as a tar for `docker import`: enough for the sandbox's own needs (sh,
# sleep) and a test that a shell runs. Its layers are no other image's, so a pull of it is a whole one.
set -euo pipefail
export LC_ALL=C
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir -p "$root"/{dev,etc,home,proc,run,sys,tmp,workspace,usr/bin,usr/lib,usr/lib64}
chmod 1777 "$root/tmp"
ln -s usr/bin "$root/bin"
ln -s usr/lib "$root/lib"
ln -s usr/lib64 "$root/lib64"
for name in sh sleep grep cat ls touch dd; do cp -L "/usr/bin/$name" "$root/usr/bin/$name"; done
ldd "$root"/usr/bin/* | grep -o '/[^ ]*\.so[^ ]*' | sort -u | while read -r library; do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
head -c "$1M" /dev/urandom >"$root/noise"
tar -c -C "$root" .
