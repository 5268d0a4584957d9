#!/usr/bin/env bash
# Measures `exportbuckets verify --spec` with the full Atlas specification, at this commit
# and at an earlier one: processor time (user and system), wall time and peak memory. A
# second run reads the recordings four times, to show that memory does not grow with the
# number of files.
#
#   scripts/bench-verify-spec.sh ATLAS.yaml RECORDINGS [COMMIT]
#
# RECORDINGS is a folder of recorded exchanges of any part of Atlas. COMMIT (default
# 65afbdb, the last commit that extracted and reloaded the specification for each resource)
# is built in a temporary folder. RUNS (default 3) is the number of runs of each; the
# results are the shortest times and the largest peak. Measured on 180 exchanges, two
# processors shared with others: 19.1 s of processor time and 873 MB before, 3.1 s and 216
# MB after.
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: scripts/bench-verify-spec.sh ATLAS.yaml RECORDINGS [COMMIT]" >&2; exit 2; }
spec=$(realpath "$1")
recordings=$(realpath "$2")
commit=${3:-65afbdb}
cd "$(dirname "$0")/.."
go=${GO:-go}
runs=${RUNS:-3}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$go" build -o "$work/" ./cmd/exportbuckets
"$go" build -C scripts -o "$work/" ./measure
mkdir "$work/source" "$work/many"
git archive "$commit" | tar -x -C "$work/source"
(cd "$work/source" && "$go" build -o "$work/before" ./cmd/exportbuckets)
for copy in 1 2 3 4; do cp -r "$recordings" "$work/many/$copy"; done

# Findings make the exit code 1.
"$work/measure" "before ($commit)" "$runs" 0,1 "$work/before" verify --format json --spec "$spec" "$recordings"
"$work/measure" "after" "$runs" 0,1 "$work/exportbuckets" verify --format json --spec "$spec" "$recordings"
"$work/measure" "after, four times" 1 0,1 "$work/exportbuckets" verify --format json --spec "$spec" "$work/many"
