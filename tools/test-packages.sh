#!/bin/bash
# Packages every crate, unpacks the packages into a workspace of their own, and compiles that. So a
# file that a crate embeds must lie in its package, and so must a file that its README links to.
# Compiling each crate alone shows that it names the features that it needs.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
packages=$CARGO_TARGET_DIR/package
unpacked=$packages/unpacked

rm -rf "$unpacked" "$packages"/*.crate
mkdir -p "$unpacked"
# git ignores the built pages, and a working tree may have changes.
cargo package --quiet --workspace --locked --no-verify --no-metadata --allow-dirty
for package in "$packages"/*.crate; do
    # Every package carries one fixed date, by which cargo would take changed files for unchanged.
    tar --extract --touch --gzip --file "$package" --directory "$unpacked"
done

cp Cargo.lock rust-toolchain.toml "$unpacked"
cd "$unpacked"
{
    printf '[workspace]\nmembers = ["*"]\nresolver = "3"\n\n[patch.crates-io]\n'
    for crate in */; do
        echo "${crate%-*} = { path = \"${crate%/}\" }"
    done
    # With the same profiles, the dependencies are compiled already.
    sed --quiet '/^\[profile/,$p' "$OLDPWD/Cargo.toml"
} >Cargo.toml

broken=0
for readme in */README.md; do
    while read -r link; do
        if [ ! -e "${readme%/*}/${link%%#*}" ]; then
            echo "$readme links to $link, which is not in the package" >&2
            broken=1
        fi
    done < <(grep --only-matching --perl-regexp '\]\(\K[^)#:]+(?=[)#])|src="\K[^":]+(?=")' "$readme")
done
[ $broken = 0 ]

cargo check --quiet --offline --workspace --all-targets
for crate in */; do
    cargo check --quiet --offline --package "${crate%-*}"
done
