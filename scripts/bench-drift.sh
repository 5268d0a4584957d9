#!/usr/bin/env bash
# Compares `exportbuckets drift` with oasdiff's changelog on two whole specifications of Atlas
# with all operations: processor time and peak memory. Then it measures the default drift.
#
#   scripts/bench-drift.sh [OLD NEW]
#
# The default is the two specifications next to the checkout. If they do not exist, nothing
# is measured. oasdiff is built into a temporary folder; it needs a newer Go version than
# this module. RUNS (default 3) is the number of runs of each; the results are the shortest
# time and the largest peak.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
runs=${RUNS:-3}
oasdiff=github.com/oasdiff/oasdiff@v1.37.0
old=${1:-../shared/upstream/atlas-v2-2025-11-18.yaml}
new=${2:-../shared/upstream/atlas-v2-2026-08-19.yaml}

for file in "$old" "$new"; do
  [ -e "$file" ] || { echo "bench-drift: skipped, because $file is missing; give two specifications: scripts/bench-drift.sh OLD NEW"; exit 0; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$go" build -o "$work/" ./cmd/exportbuckets
"$go" build -C scripts -o "$work/" ./measure
GOBIN="$work" GOTOOLCHAIN=auto GOFLAGS= "$go" install "$oasdiff"

# measure NAME COMMAND…: the line that measure prints. Any exit code that reports changes is fine.
measure() { "$work/measure" "$1" "$runs" 0,1,3 "${@:2}"; }

# processor LINE: the processor time in a line of measure.
processor() { sed 's/ s processor.*//; s/.* //' <<< "$1"; }

# The day is fixed, so that the result does not depend on today.
drift=("$work/exportbuckets" drift --upstream "$new" --as-of 2026-09-01 --format json)
ours=$(measure "drift, all operations" "${drift[@]}" --operations all --baseline "$old")
theirs=$(measure "oasdiff changelog" "$work/oasdiff" changelog "$old" "$new" -f json)
echo "$ours"
echo "$theirs"
measure "drift, default" "${drift[@]}"
awk "BEGIN { printf \"processor time of drift: %.2f of that of oasdiff\\n\", $(processor "$ours") / $(processor "$theirs") }"
