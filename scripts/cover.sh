#!/usr/bin/env bash
# Measures the statement coverage of the public packages and of their internal packages:
# scripts/cover.sh [MINIMUM]. It fails if any of them is below MINIMUM percent (90). A
# package's statements count as covered by any of these packages' tests.
set -euo pipefail
cd "$(dirname "$0")/.."
minimum=${1:-90}
profile=$(mktemp) log=$(mktemp)
trap 'rm -f "$profile" "$log"' EXIT
packages=$(${GO:-go} list -f '{{if ne .Name "main"}}{{.ImportPath}}{{end}}' ./client/... ./contracttest/... ./openapi/... ./internal/oas ./internal/trim ./internal/pipeline)
${GO:-go} test -coverpkg="$(paste -sd, <<<"$packages")" -coverprofile="$profile" $packages >"$log" || { grep -v '^ok' "$log" >&2; exit 1; }
awk -v minimum="$minimum" -v module="$(${GO:-go} list -m)/" '
  NR > 1 {
    package = substr($1, length(module) + 1); sub(/\/[^\/]*$/, "", package)
    if (!($1 in size)) { size[$1] = $2; all[package] += $2 }
    if ($3 > 0 && !($1 in seen)) { seen[$1] = 1; covered[package] += $2 }
  }
  END {
    for (package in all) {
      percent = 100 * covered[package] / all[package]
      printf "%5.1f %%  %s%s\n", percent, package, percent < minimum ? "  under " minimum " %" : "" | "LC_ALL=C sort -k3"
      if (percent < minimum) short++
    }
    close("LC_ALL=C sort -k3")
    exit short > 0
  }' "$profile"
