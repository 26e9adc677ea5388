#!/bin/bash
# image.sh NODE: streams a root file system made from this machine's own files (Debian) as a tar, for
# `docker import`: sh, bash, coreutils, git, NODE with its npm, python3. For machines that reach no image
# registry. Takes 3 s; nothing is copied on disk but a NODE from elsewhere than /usr/bin/node.
set -euo pipefail
export LC_ALL=C
node=$(readlink -f "$1")
programs="dash bash env git ls cat cp mv rm mkdir rmdir ln chmod chown touch head tail wc sort uniq cut tr tee
  sleep date id whoami echo printf true false test expr seq dirname basename readlink realpath mktemp stat du
  df dd sync timeout nproc uname hostname pwd tty yes od md5sum sha256sum base64 find xargs grep sed tar gzip
  diff ps kill which"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
list=$stage/list
python=$(readlink -f /usr/bin/python3 2>/dev/null || true)
python_lib=/usr/lib/$(basename "${python:-none}")
executables=("$node")

write_root() {
  mkdir -p "$root"/{etc,tmp,root,work,workspace,proc,sys,dev,run,var/tmp,home/sandbox,usr/bin}
  printf 'root:x:0:0:root:/root:/bin/bash\nsandbox:x:1000:1000::/home/sandbox:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n' >"$root/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"
  printf '[safe]\n\tdirectory = *\n[user]\n\tname = sandbox\n\temail = sandbox@localhost\n[init]\n\tdefaultBranch = main\n' >"$root/etc/gitconfig"
  chmod 1777 "$root/tmp" "$root/var/tmp"
  chown 1000:1000 "$root/home/sandbox" "$root/work" 2>/dev/null || true
}

# A Node from nvm, a tarball or node_modules goes to where images have it.
write_node() {
  [ "$node" = /usr/bin/node ] && return
  cp "$node" "$root/usr/bin/node"
  local npm
  npm=$(dirname "$node")/../lib/node_modules/npm
  [ -d "$npm" ] || npm=/usr/lib/node_modules/npm
  [ -d "$npm" ] || return 0
  mkdir -p "$root/usr/lib/node_modules"
  cp -r "$npm" "$root/usr/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/bin/npx"
}

# Both names of a file, since /bin, /lib and more are links into /usr on Debian.
with_target() {
  local folder
  folder=$(readlink -f "$(dirname "$1")")
  echo "${folder#/}/$(basename "$1")"
  local real
  real=$(readlink -f "$1")
  echo "${real#/}"
}

python_files() {
  [ -n "$python" ] || return 0
  executables+=("$python")
  with_target /usr/bin/python3
  find "$python_lib" \( -name test -o -name tests -o -name __pycache__ -o -name 'config-*' -o -name idlelib \
    -o -name lib2to3 -o -name ensurepip -o -name tkinter \) -prune -o \( -type f -o -type l \) -printf '%p\n' | sed 's,^/,,'
  executables+=("$python_lib"/lib-dynload/*.so)
}

node_files() {
  [ "$node" = /usr/bin/node ] || return 0
  echo usr/bin/node; echo usr/bin/npm; echo usr/bin/npx
}

libraries() {
  { ldd "${executables[@]}" 2>/dev/null || true; } | grep -o '/[^ ]*\.so[^ ]*' | sort -u | while read -r file; do with_target "$file"; done
  echo usr/lib64/ld-linux-x86-64.so.2
  echo usr/lib/x86_64-linux-gnu/libnss_files.so.2
  echo usr/lib/x86_64-linux-gnu/libnss_dns.so.2
}

list_files() {
  for link in bin sbin lib lib64; do [ ! -L "/$link" ] || echo "$link"; done
  echo usr/bin/sh
  for name in $programs; do
    [ -e "/usr/bin/$name" ] || continue
    with_target "/usr/bin/$name"
    executables+=("$(readlink -f "/usr/bin/$name")")
  done
  find /usr/lib/git-core -maxdepth 1 \( -type l -o -type f \) -size -200k -printf '%P\n' | sed 's,^,usr/lib/git-core/,'
  echo usr/lib/git-core/git
  node_files
  python_files
  libraries
}

write_root
write_node
list_files >"$list.all"
sort -u "$list.all" | while read -r path; do if [ -e "/$path" ] || [ -L "/$path" ]; then echo "$path"; fi; done >"$list"
folders=()
for folder in usr/share/git-core usr/lib/node_modules/npm usr/lib/locale/C.utf8; do
  [ ! -e "/$folder" ] || [ -e "$root/$folder" ] || folders+=("$folder")
done
tar -c --sort=none --hard-dereference -C "$root" . -C / --no-recursion -T "$list" --recursion "${folders[@]}"
