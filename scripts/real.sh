#!/usr/bin/env bash
# Runs the command on real recordings and specifications, if there is a folder with them
# next to the checkout. They are not part of the module.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?usage: scripts/real.sh FOLDER}
if [ ! -d "$folder/recordings" ]; then
  echo "real: nothing was verified: $folder/recordings does not exist. Real recordings are not part of the"
  echo "module; contracttest/testdata/seen and shapes have the same structure, and \`make test\` verifies those."
  exit 0
fi
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
"${GO:-go}" build -o "$bin/exportbuckets" ./cmd/exportbuckets

echo "verify: every recorded exchange conforms to the contract"
"$bin/exportbuckets" verify "$folder/recordings"

upstream=$(ls "$folder"/upstream/atlas-v2-*.yaml | tail -1)
echo "drift: the contract is in sync with $(basename "$upstream")"
"$bin/exportbuckets" drift --upstream "$upstream" --sunset-lead 0

echo "openapi: the contract is the same as the one extracted from $(basename "$upstream")"
cp -R openapi "$bin/openapi"
"$bin/exportbuckets" trim --upstream "$upstream" --select "$bin/openapi/select.yaml" 2>/dev/null
diff -r openapi "$bin/openapi"
