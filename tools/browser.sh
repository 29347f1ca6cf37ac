#!/bin/bash
# Makes sure that there are the browsers to test with: Chromium, Firefox and WebKit, with what drives and shows them.
# Firefox's driver is no package of Debian; the Makefile builds it.
set -euo pipefail

declare -A packages=(
    [chromium]=chromium
    [chromedriver]=chromium-driver
    [firefox-esr]=firefox-esr
    [WebKitWebDriver]=webkit2gtk-driver
    [Xvfb]=xvfb
)

missing=()
for program in "${!packages[@]}"; do
    command -v "$program" >/dev/null || missing+=("${packages[$program]}")
done
[ ${#missing[@]} = 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the browser tests: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
else
    echo "The browser tests need what is not here. On Debian: apt install ${missing[*]}" >&2
    exit 1
fi
