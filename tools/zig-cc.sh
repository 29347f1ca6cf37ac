#!/bin/bash
# Compiles the C of zstd and ring for musl: one compiler of one version for every processor. Zig
# knows targets by another name than Rust.
set -euo pipefail

words=()
for word in "$@"; do
    case $word in
        --target=*) words+=(-target "$(sed 's/^--target=//; s/-unknown//' <<<"$word")") ;;
        *) words+=("$word") ;;
    esac
done
exec "$ZIG" cc "${words[@]}"
