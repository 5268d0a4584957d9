#!/usr/bin/env bash
# Prints the module's public API without comments: every exported declaration of every
# package with a stable API. The packages below gen are excluded: they are generated from the
# contract, and `make fresh` checks them. `go doc` indents comments by four spaces and
# declarations by tabs; the package comment comes before its first section.
set -euo pipefail
cd "$(dirname "$0")/.."
for package in $(go list ./... | grep -vE '/internal/|/internal$|/cmd/|/examples/|/scripts/|/gen/' | LC_ALL=C sort); do
  echo "== ${package#github.com/atlas-exportbuckets/}"
  go doc -all "$package" | awk '
    /^(CONSTANTS|VARIABLES|FUNCTIONS|TYPES)$/ { inside = 1; next }
    inside && !/^    / && !/^[ \t]*\/\// && !/^[ \t]*$/ { print }'
done
