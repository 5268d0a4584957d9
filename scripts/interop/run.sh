#!/usr/bin/env bash
# Holds the fake Atlas against tools that others wrote: curl, Redocly's respect and
# Specmatic's contract test. Needs curl, Node 20 or later with npm, and Java 17 or
# later. Two packages are installed from npm, at the versions below, into bin/interop.
#
#     scripts/interop/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly SPECMATIC=2.55.1 REDOCLY=2.77.0
readonly here=scripts/interop work=bin/interop
for tool in curl node npm java; do
  command -v "$tool" >/dev/null || { echo "interop: $tool is not installed" >&2; exit 2; }
done

echo "interop: installing specmatic $SPECMATIC and @redocly/cli $REDOCLY"
npm install --silent --no-audit --no-fund --prefix "$work" "specmatic@$SPECMATIC" "@redocly/cli@$REDOCLY"
export REDOCLY_TELEMETRY=off SPECMATIC_TELEMETRY=off

"${GO:-go}" build -o "$work/exportbuckets" ./cmd/exportbuckets
for v in 2024-05-30 2023-01-01; do
  "$work/node_modules/.bin/redocly" bundle "openapi/v2-$v.yaml" --ext json -o "$work/contract-$v.json" >/dev/null 2>&1
  node "$here/adapt.mjs" "$work/contract-$v.json" "$work/v2-$v.json" redocly
done
node "$here/adapt.mjs" "$work/contract-2024-05-30.json" "$work/specmatic.json" specmatic
# Redocly resolves the contract beside the workflow.
sed 's#\.\./\.\./openapi/\(v2-.*\)\.yaml#\1.json#' "$here/buckets.arazzo.yaml" > "$work/buckets.arazzo.yaml"

# serve starts a fake and takes its variables over.
serve() {
  coproc FAKE { exec "$work/exportbuckets" serve --addr 127.0.0.1:0 --buckets 3 --no-rate-limit 2>"$work/requests.log"; }
  for _ in 1 2 3 4 5 6; do
    read -r line <&"${FAKE[0]}"
    export "${line?}"
  done
  buckets=$MONGODB_ATLAS_BASE_URL/api/atlas/v2/groups/$MONGODB_ATLAS_PROJECT_ID/backup/exportBuckets
  accept='Accept: application/vnd.atlas.2024-05-30+json'
}

stop() {
  local pid=$FAKE_PID
  kill -INT "$pid"
  wait "$pid" || true
}

token() {
  curl -sf -u "$MONGODB_ATLAS_CLIENT_ID:$MONGODB_ATLAS_CLIENT_SECRET" -d grant_type=client_credentials \
    "$MONGODB_ATLAS_BASE_URL/api/oauth/token" | sed 's/.*"access_token":"\([^"]*\)".*/\1/'
}

status=0

serve
digest=$(curl -s --digest --user "$MONGODB_ATLAS_PUBLIC_API_KEY:$MONGODB_ATLAS_PRIVATE_API_KEY" -H "$accept" -o /dev/null -w '%{http_code}' "$buckets")
bearer=$(curl -s -H "Authorization: Bearer $(token)" -H "$accept" -o /dev/null -w '%{http_code}' "$buckets")
echo "curl: --digest $digest, Bearer $bearer"
[[ $digest == 200 && $bearer == 200 ]] || status=1

"$work/node_modules/.bin/redocly" respect "$work/buckets.arazzo.yaml" \
  --server "atlas=$MONGODB_ATLAS_BASE_URL" --server "atlas2023=$MONGODB_ATLAS_BASE_URL" \
  --input "groupId=$MONGODB_ATLAS_PROJECT_ID" \
  --input "publicKey=$MONGODB_ATLAS_PUBLIC_API_KEY" --input "privateKey=$MONGODB_ATLAS_PRIVATE_API_KEY" \
  >"$work/redocly.log" 2>&1 || { cat "$work/redocly.log"; status=1; }
echo "redocly respect: $(grep -o '\(Steps\|Checks\): .*total' "$work/redocly.log" | paste -sd';' | sed 's/;/; /')"
stop

serve
ServiceAccounts=$(token) SPECMATIC_GENERATIVE_TESTS=true "$work/node_modules/.bin/specmatic" test \
  --testBaseURL="$MONGODB_ATLAS_BASE_URL" --examples="$here/examples" --junitReportDir="$work/junit" \
  "$work/specmatic.json" >"$work/specmatic.log" 2>&1 || true # what it found is judged next
stop
node "$here/stays.mjs" "$work/junit/TEST-junit-jupiter.xml" || status=1
exit "$status"
