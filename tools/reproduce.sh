#!/bin/bash
# Builds the release of this commit twice, and compares the files: reproduce.sh TARGET ...
# The two builds differ in folder, home directory, user name, file mode mask, time zone, language
# and number of jobs.
set -euo pipefail
cd "$(dirname "$0")/.."
source=$PWD
commit=$(git rev-parse HEAD)
cargo_home=${CARGO_HOME:-$HOME/.cargo}
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT

# build NAME [VARIABLE=VALUE ...]
build() {
    local clone=$folder/$1/cek-nik
    shift
    git clone --quiet --no-checkout "$source" "$clone"
    git -C "$clone" checkout --quiet --detach "$commit"
    echo "Building $commit in $clone"
    env --unset=CARGO_TARGET_DIR CEK_NIK_CACHE="$CEK_NIK_CACHE" "$@" \
        make --directory "$clone" release RELEASE_TARGETS="$targets"
}

targets=$*
(umask 022 && build one)

# Cargo's downloads, so that nothing is fetched twice. Hard links: a gigabyte.
home=$folder/home-of-another
mkdir -p "$home/.cargo"
cp --recursive --link "$cargo_home/registry" "$home/.cargo/"
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
(umask 077 && build two/in/a/longer/path HOME="$home" USER=another LOGNAME=another \
    CARGO_HOME="$home/.cargo" PATH="$cargo_home/bin:$PATH" CARGO_BUILD_JOBS=1 \
    TZ=Asia/Jayapura LC_ALL=C.UTF-8)

sums=cek-nik/dist/SHA256SUMS
if ! diff "$folder/one/$sums" "$folder/two/in/a/longer/path/$sums"; then
    echo "The files above differ between two builds of the same commit." >&2
    exit 1
fi
cat "$folder/one/$sums"
