#!/bin/bash
# Refuses to deploy anything but a finished site. Needs cek-nik, and all commits of the repository.
set -euo pipefail
cd "$(dirname "$0")"

refuse() {
    echo "check.sh: $1" >&2
    exit 1
}

[ -f site/catalogue.json ] || refuse "site/catalogue.json is missing; copy a finished site to site/"

links=$(find site -type l)
[ -z "$links" ] || refuse "links in the site: $links"

# What was committed once can be downloaded for ever.
strange=$(
    { find . -path ./.git -prune -o ! -type d -print | cut -c3-; git log --all --format= --name-only; } |
        sort -u | grep -vxE 'site/.+|README\.md|check\.sh|\.gitignore|\.github/workflows/deploy\.yml|' || true
)
[ -z "$strange" ] || refuse "not part of a site: $strange
Delete it. If it is a list or a key file and was committed, delete the repository and begin anew."

cek-nik verify site
