#!/usr/bin/env bash
# Builds and tests every example unchanged, and runs those that are programs against a
# fake Atlas.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}

# The examples use only the credentials of the fake.
for name in $(compgen -e); do
  case $name in MONGODB_ATLAS_* | MCLI_*) unset "$name" ;; esac
done

for module in examples/*/go.mod; do
  folder=$(dirname "$module")
  echo "== $folder"
  (
    cd "$folder"
    if ls ./*.go >/dev/null 2>&1; then
      "$go" vet ./...
      "$go" test ./...
    fi
  )
done

temp=$(mktemp -d)
"$go" build -o "$temp/exportbuckets" ./cmd/exportbuckets
"$temp/exportbuckets" serve --addr 127.0.0.1:0 --buckets 3 --providers aws,azure,gcp --quiet >"$temp/env" &
trap 'kill %1; rm -rf "$temp"' EXIT
until [ "$(wc -l <"$temp/env")" -ge 6 ]; do
  kill -0 %1 || exit 1 # the server has printed the reason
  sleep 0.1
done
set -a
# shellcheck source=/dev/null
. "$temp/env"
set +a

run() { # run FOLDER COMMAND...
  printf '== %s: %s\n' "$1" "${*:2}" >&2
  (cd "$1" && "${@:2}")
}
run examples/client "$go" run . "$MONGODB_ATLAS_PROJECT_ID" snaps 0123456789abcdef01234567
run examples/generate "$go" run . "$MONGODB_ATLAS_PROJECT_ID"
run examples/reconcile "$go" run . -apply "$MONGODB_ATLAS_PROJECT_ID" buckets.json
run examples/reconcile "$go" run . "$MONGODB_ATLAS_PROJECT_ID" buckets.json | grep -x '0 to add, 0 to delete'
run examples/rotate "$go" run . -apply snapshots rotated "$MONGODB_ATLAS_PROJECT_ID"
run examples/cleanup "$go" run . -delete -older-than 0s -prefix rotated "$MONGODB_ATLAS_PROJECT_ID" | grep -c ': deleted$' | grep -x 2
run examples/drift "$go" tool exportbuckets drift --baseline atlas.yaml --upstream ../../openapi/v2-2024-05-30.yaml | tail -n 2
