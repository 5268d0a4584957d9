#!/usr/bin/env bash
# Compares the specifications for action.yml and writes the annotations, the summary of the
# run and the outputs.
# In: UPSTREAM BASELINE OPERATIONS ACCEPT FAIL_ON SUNSET_LEAD AS_OF TIMEOUT (the inputs),
# BINARY, RUNNER_TEMP, GITHUB_STEP_SUMMARY, GITHUB_OUTPUT, RETRY_WAIT (seconds before the
# second attempt; default 10).
set -euo pipefail

attempts=3
dir=$RUNNER_TEMP/exportbuckets-drift
mkdir -p "$dir"
export XDG_CACHE_HOME=$dir/cache

# escape returns text in the form for the message of a workflow command.
escape() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  printf %s "${text//$'\n'/%0A}"
}

args=(--upstream "$UPSTREAM" --fail-on "$FAIL_ON" --sunset-lead "$SUNSET_LEAD" --timeout "$TIMEOUT")
if [ -n "$BASELINE" ]; then args+=(--baseline "$BASELINE"); fi
if [ -n "$OPERATIONS" ]; then args+=(--operations "$OPERATIONS"); fi
if [ -n "$AS_OF" ]; then args+=(--as-of "$AS_OF"); fi
if [ -e "$ACCEPT" ]; then
  args+=(--accept "$ACCEPT")
elif [ -n "$ACCEPT" ]; then
  echo "::warning title=drift::$(escape "accept: there is no file $ACCEPT, so no change is accepted")"
fi

compare() {
  "$BINARY" drift "${args[@]}" --format json --output "$dir/drift.json" \
    --format markdown --output "$dir/drift.md" --format github 2>"$dir/drift.err"
}

code=0
compare || code=$?
for ((attempt = 2, wait = ${RETRY_WAIT:-10}; code == 2 && attempt <= attempts; attempt++, wait *= 2)); do
  case $UPSTREAM$BASELINE in *://*) ;; *) break ;; esac # a file would be the same the next time
  sed 's/^/attempt: /' "$dir/drift.err" >&2
  sleep "$wait"
  code=0
  compare || code=$?
done
cat "$dir/drift.err" >&2

if [ "$code" = 2 ]; then
  reason=$(sed 's/^exportbuckets: //' "$dir/drift.err")
  echo "::error title=drift::$(escape "The comparison could not be made: $reason")"
  {
    printf '## Atlas drift: the comparison could not be made\n\n'
    printf 'This does not mean that nothing changed. The reason:\n\n'
    sed 's/^/    /' <<<"$reason"
  } >"$dir/drift.md"
  verdict=not-compared
  rm -f "$dir/drift.json"
else
  verdict=$(sed -n 's/^  "verdict": "\([a-z-]*\)",$/\1/p' "$dir/drift.json")
fi
cat "$dir/drift.md" >>"$GITHUB_STEP_SUMMARY"
{
  echo "verdict=$verdict"
  echo "report=$dir/drift.md"
  if [ -e "$dir/drift.json" ]; then echo "json=$dir/drift.json"; fi
} >>"$GITHUB_OUTPUT"
exit "$code"
