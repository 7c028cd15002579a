#!/bin/sh
# Units, lessons and solutions with the Python of another Debian, in a system of its own that debootstrap makes in a folder.
# tests/other_python.sh FOLDER SUITE [what everything.py takes]; run by "make test-python PYTHON_FROM=trixie". As root.
set -eu
folder=$1 suite=$2
shift 2
if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  echo "make test-python makes a small Debian with debootstrap (apt-get install debootstrap) and enters it: run it as root."
  exit 1
fi
place=$folder/$suite
if [ ! -e "$place/made" ]; then
  rm -rf "$place"
  mkdir -p "$place"
  debootstrap --variant=minbase --include=ca-certificates,procps,python3-venv "$suite" "$place" >"$folder/$suite.log"
  touch "$place/made"
fi
# This machine's certificates and pip's settings, where it has a mirror or a proxy.
for file in /etc/ssl/certs/ca-certificates.crt /etc/pip.conf; do
  if [ -f "$file" ]; then cp "$file" "$place$file"; fi
done
rm -rf "$place/course"
mkdir "$place/course"
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from=- | tar --extract --directory="$place/course"
# What is mounted here is seen by nobody else, and gone when the shell ends.
exec unshare --mount --pid --fork sh -euc '
  place=$1
  shift
  mount -t proc proc "$place/proc"
  mkdir -p "$place/dev/shm"
  mount -t tmpfs shm "$place/dev/shm"
  exec chroot "$place" env HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -euc "
    cd /course
    [ -x /venv/bin/python ] || python3 -m venv /venv
    /venv/bin/python -m pip install --quiet --editable \".[test]\"
    /venv/bin/python --version
    exec /venv/bin/python tests/everything.py --only units lessons solutions \"\$@\"
  " course "$@"
' system "$place" "$@"
