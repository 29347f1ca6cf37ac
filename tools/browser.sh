#!/bin/bash
# Makes sure that there is a Chromium with its driver to test with.
set -euo pipefail

command -v chromium >/dev/null && command -v chromedriver >/dev/null && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium and its driver"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium chromium-driver >/dev/null
else
    echo "The browser test needs Chromium and its driver. On Debian: apt install chromium chromium-driver" >&2
    exit 1
fi
