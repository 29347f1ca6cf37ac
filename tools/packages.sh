#!/bin/bash
# Makes sure that programs are there that the tests need: packages.sh PROGRAM=PACKAGE ...
# The packages are Debian's.
set -euo pipefail

missing=()
for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
done
[ ${#missing[@]} = 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "The tests need what is not here. On Debian: apt install ${missing[*]}" >&2
    exit 1
fi
