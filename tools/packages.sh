#!/bin/bash
# Installs the programs that are missing: packages.sh PROGRAM=PACKAGE ...
# The packages are Debian's. Without root, it prints the command that installs them, and fails.
set -euo pipefail

missing=()
for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
done
[ ${#missing[@]} = 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "Programs are missing. Install them, on Debian with: sudo apt install ${missing[*]}" >&2
    exit 1
fi
