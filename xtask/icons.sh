#!/usr/bin/env bash
# Draws the icons of the page for readers again from www/icons/icon.svg, with Chromium. They are under version control, so that a build
# needs no browser.
set -euo pipefail
cd "$(dirname "$0")/../www/icons"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

draw() { # file, pixels, radius of the corners: systems that cut an icon into a shape of their own want none
  sed "s/rx=\"112\"/rx=\"$3\"/" icon.svg > "$work/icon.svg"
  echo "<style>body{margin:0}img{display:block;width:$2px;height:$2px}</style><img src=icon.svg>" > "$work/page.html"
  chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$work/profile" --hide-scrollbars \
    --default-background-color=00000000 --window-size="$2,$2" --screenshot="$work/icon.png" "file://$work/page.html" 2> "$work/log" \
    || { cat "$work/log" >&2; exit 1; }
  mv "$work/icon.png" "$1"
}

draw icon-192.png 192 112
draw icon-512.png 512 112
draw icon-maskable-512.png 512 0
draw apple-touch-icon.png 180 0
