#!/bin/bash
# Publishes two made-up lists as a demo site and serves it: demo.sh BINARY DIRECTORY PORT
set -euo pipefail

cek_nik=$(realpath "$1")
demo=$2
port=$3
tools=$(dirname "$0")
description=$tools/demo.toml

# Built again only when the binary or the description has changed.
stamp=$(sha256sum "$cek_nik" "$description" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$demo/stamp" 2>/dev/null)" != "$stamp" ]; then
    mkdir -p "$demo"
    cp "$description" "$demo/catalogue.toml"
    "$cek_nik" sample --count 500 --seed 1 --format bpjs >"$demo/kesehatan.csv"
    "$cek_nik" sample --count 1000 --seed 2 >"$demo/pemilih.txt"
    # One of the numbers to try is in both lists.
    printf '3201014107909001\n' >>"$demo/pemilih.txt"
    row=$(sed -n 2p "$demo/kesehatan.csv" | sed 's/[0-9]\{16\}/3201014107909001/g')
    printf '%s\n' "$row" >>"$demo/kesehatan.csv"
    printf '3201014107909002\n' >>"$demo/pemilih.txt"
    "$cek_nik" build --out "$demo/site" "$demo/catalogue.toml"
    echo "$stamp" >"$demo/stamp"
fi
cp "$tools/artikel.html" "$demo/site/"

cat <<END

Open  http://127.0.0.1:$port/  and try one of these made-up numbers:
  3201014107909001   in both lists
  3201014107909002   in the second list only
  3201014107909999   in neither
  320101410790999    not a NIK: a digit is missing

As on a newspaper's page:  http://127.0.0.1:$port/artikel.html

END
exec "$cek_nik" serve "$demo/site" --port "$port"
