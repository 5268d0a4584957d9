#!/usr/bin/env bash
# What action.yml runs: compares, writes the report as Markdown for people and as
# annotations for the run, and leaves verdict and exit code as outputs. Settings come
# as environment variables, so that none of them is ever read as shell code.
set -uo pipefail
: "${EXPORTBUCKETS:?the command}" "${REPORT:?the file for the report}" "${UPSTREAM:?the specification as it is now}"
args=(drift --upstream "$UPSTREAM" --fail-on "${FAIL_ON:-planning}" --sunset-lead "${SUNSET_LEAD:-180}")
[ -z "${BASELINE:-}" ] || args+=(--baseline "$BASELINE")
[ -z "${ACCEPT:-}" ] || args+=(--accept "$ACCEPT")

"$EXPORTBUCKETS" "${args[@]}" --format github
code=$?
"$EXPORTBUCKETS" "${args[@]}" --format markdown --output "$REPORT"
verdict=$("$EXPORTBUCKETS" "${args[@]}" --format json | sed -n 's/^  "verdict": "\(.*\)",$/\1/p')
if [ "$code" = 2 ]; then
  verdict=not-compared
fi
{
  echo "verdict=$verdict"
  echo "exit-code=$code"
  echo "report=$REPORT"
} >> "${GITHUB_OUTPUT:-/dev/stdout}"
[ ! -f "$REPORT" ] || cat "$REPORT" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
[ "${KEEP_GOING:-false}" = true ] || exit "$code"
