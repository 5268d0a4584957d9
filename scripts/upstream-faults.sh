#!/usr/bin/env bash
# Writes docs/upstream-faults.md: where the Atlas specification differs from recorded
# responses.
#
#   scripts/upstream-faults.sh ATLAS.yaml RECORDINGS
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: scripts/upstream-faults.sh ATLAS.yaml RECORDINGS" >&2; exit 2; }
spec=$(realpath "$1")
recordings=$(realpath "$2")
cd "$(dirname "$0")/.."
go=${GO:-go}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$go" build -o "$work/" ./cmd/exportbuckets
"$go" build -C scripts -o "$work/" ./upstreamfaults
# Findings make the exit code 1.
"$work/exportbuckets" verify --format json --output "$work/report.json" --spec "$spec" "$recordings" || [ $? -eq 1 ]
"$work/upstreamfaults" "$spec" < "$work/report.json" > "$work/page.md"
mv "$work/page.md" docs/upstream-faults.md
