#!/bin/bash
# Writes the files of a release to dist/: release.sh VERSION TARGET ...
# The same sources give the same bytes: dates are that of the commit or fixed, and no path of this
# computer gets into a file. `make release` sets ZIG, MATURIN, CARGO_DEB and CARGO_CYCLONEDX.
set -euo pipefail
cd "$(dirname "$0")/.."
umask 022

version=$1
shift
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC
target=${CARGO_TARGET_DIR:-$PWD/target}
work=$target/release-files
dist=$PWD/dist
rm -rf "$work" "$dist"
mkdir -p "$work" "$dist"

# The build scripts of zstd and ring begin anew when the date changes, and so with every commit.
undated() {
    env --unset=SOURCE_DATE_EPOCH "$@"
}

# archive NAME: $work/NAME as dist/NAME.tar.gz.
archive() {
    tar --create --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --mode=u=rwX,go=rX --format=gnu --directory "$work" "$1" |
        gzip --no-name --best >"$dist/$1.tar.gz"
}

# package_zip NAME: $work/NAME as dist/NAME.zip. Nothing is compressed: zlib's versions differ.
package_zip() {
    (
        cd "$work/$1"
        python3 - "$dist/$1.zip" <<'END'
import os, sys, time, zipfile

date = time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"]))[:6]
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for directory, below, names in os.walk("."):
        below.sort()
        for name in sorted(names):
            path = os.path.relpath(os.path.join(directory, name))
            entry = zipfile.ZipInfo(path, date)
            entry.external_attr = 0o644 << 16
            with open(path, "rb") as file:
                archive.writestr(entry, file.read())
END
    )
}

# cargo-cyclonedx writes a file beside the manifest of every crate.
sbom=cek-nik-$version.cdx
"$CARGO_CYCLONEDX" cyclonedx --quiet --format json --spec-version 1.5 --target all \
    --manifest-path crates/cli/Cargo.toml --override-filename "$sbom"
# Cargo leaves out the name of a package whose folder has the same.
root=file:///cek-nik
sed "s|file://$PWD|$root|g; s|$root#$version|$root#cek-nik@$version|g" "crates/cli/$sbom.json" \
    >"$dist/$sbom.json"
rm -- {.,crates/*,www/module,xtask}/"$sbom.json"

# Rust's own linker and musl: no C library of this computer is linked.
export TARGET_CC=$PWD/tools/zig-cc.sh TARGET_AR="$ZIG ar"
flags="-Clinker=rust-lld -Clink-self-contained=yes"
flags+=" --remap-path-prefix=$target=target --remap-path-prefix=$PWD=cek-nik"
flags+=" --remap-path-prefix=$(rustc --print sysroot)=rust"
for crates in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    flags+=" --remap-path-prefix=$crates=crates"
done

manuals=cek-nik-manuals-$version
cp -r "$target/manuals" "$work/$manuals"
archive "$manuals"

for triple in "$@"; do
    echo "Building for $triple"
    variable=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$triple")_RUSTFLAGS
    export "$variable=$flags"
    undated cargo build --quiet --locked --release --package cek-nik-cli --target "$triple"

    name=cek-nik-$version-$triple
    mkdir "$work/$name"
    cp "$target/$triple/release/cek-nik" LICENSE-* "$work/$name"
    cp -r "$target"/manuals/* "$work/$name"
    archive "$name"

    undated "$MATURIN" build --quiet --locked --release --manifest-path crates/cli/Cargo.toml \
        --target "$triple" --compatibility manylinux2014 musllinux_1_1 \
        --sbom-include "$dist/$sbom.json" --out "$dist"
    "$CARGO_DEB" deb --quiet --no-build --no-strip --package cek-nik-cli --target "$triple" \
        --output "$dist"
done

# The compression of npm depends on Node's version.
chmod -R u=rwX,go=rX npm/package
(cd "$work" && npm pack --silent "$OLDPWD/npm/package" >/dev/null)
gzip --decompress --stdout "$work/cek-nik-$version.tgz" | gzip --no-name --best \
    >"$dist/cek-nik-npm-$version.tgz"

plugin=cek-nik-wordpress-$version
mkdir -p "$work/$plugin/cek-nik"
cp contrib/wordpress/cek-nik.php LICENSE-* "$work/$plugin/cek-nik"
package_zip "$plugin"

widget=cek-nik-widget-$version
pages=crates/publisher/pages
hosts=crates/publisher/src/site/hosts
mkdir "$work/$widget"
cp $pages/cek-nik-$version.html "$work/$widget/cek-nik.html"
cp $pages/cek-nik-offline-$version.html "$work/$widget/cek-nik-offline.html"
cp $pages/embed-$version.js "$work/$widget/embed.js"
cp $pages/embed-$version.js "$work/$widget"
cp $hosts/headers "$work/$widget/_headers"
cp $hosts/htaccess "$work/$widget/.htaccess"
cp $hosts/{nginx.conf,Caddyfile} LICENSE-* "$work/$widget"
package_zip "$widget"

cd "$dist"
sha256sum -- * >"$work/SHA256SUMS"
mv "$work/SHA256SUMS" .
