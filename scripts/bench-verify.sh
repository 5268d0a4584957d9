#!/usr/bin/env bash
# Compares `exportbuckets verify` with Redocly's drift on the same recording: 20,000
# exchanges, about 100 MB, with varied ids and names so that results cannot be cached. Then
# it repeats this with a recording of about 1 GB, to show that memory use does not grow with
# it.
#
#   scripts/bench-verify.sh [FILE.har ...]
#
# The recording is built from the given HAR files. The default is the real recordings next
# to the checkout, if there are any, or else the project's own. Redocly's CLI is installed
# by npm into a temporary folder; without npm, or with REDOCLY=no, it is skipped. RUNS
# (default 3) is the number of runs of each; the results are the shortest time and the
# largest peak.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
runs=${RUNS:-3}
redocly=${REDOCLY:-2.77.0}
contract=openapi/v2-2024-05-30.yaml

hars=("$@")
if [ ${#hars[@]} -eq 0 ]; then
  hars=(../shared/recordings/har/*.har)
  [ -e "${hars[0]}" ] || hars=(contracttest/testdata/documented/2024-05-30/session.har)
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$go" build -o "$work/" ./cmd/exportbuckets
"$go" build -C scripts -o "$work/" ./multiply ./measure

# of_size BYTES FILE: a HAR of about that size.
of_size() {
  "$work/multiply" 1000 "${hars[@]}" > "$work/probe.har"
  local count=$(($1 * 1000 / $(wc -c < "$work/probe.har")))
  "$work/multiply" "$count" "${hars[@]}" > "$2"
  echo "$2" | sed "s|.*/||; s|\$|: $count exchanges, $(($(wc -c < "$2") / 1000000)) MB|"
}

"$work/multiply" 20000 "${hars[@]}" > "$work/session.har"
echo "session.har: 20000 exchanges, $(($(wc -c < "$work/session.har") / 1000000)) MB; $(nproc 2>/dev/null || echo '?') processors"
"$work/measure" "exportbuckets verify" "$runs" 0 "$work/exportbuckets" verify --format json "$work/session.har"
if [ "$redocly" = no ] || ! command -v npm > /dev/null; then
  echo "redocly drift: skipped, because npm is not installed"
else
  npm install --silent --no-audit --no-fund --prefix "$work/redocly" "@redocly/cli@$redocly" > /dev/null 2>&1 ||
    { echo "redocly drift: npm could not install @redocly/cli@$redocly" >&2; exit 2; }
  # It exits with 1, because it reports a recording without credentials and request bodies
  # as drift.
  "$work/measure" "redocly drift $redocly" "$runs" 0,1 "$work/redocly/node_modules/.bin/redocly" drift "$work/session.har" --api "$contract" --format json --output "$work/drift.json"
fi
rm -f "$work/session.har" "$work/drift.json"

of_size 1000000000 "$work/huge.har"
"$work/measure" "exportbuckets verify" 1 0 "$work/exportbuckets" verify --format json "$work/huge.har"
