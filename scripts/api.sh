#!/usr/bin/env bash
# Prints the module's public API, comments left out: every exported declaration of
# every package whose API is promised. The packages below gen are not: their shape follows
# the contract and oapi-codegen, and `make fresh` checks it. `go doc` indents comments by four spaces and
# declarations by tabs; before its first section stands the package comment.
set -euo pipefail
cd "$(dirname "$0")/.."
for package in $(go list ./... | grep -vE '/internal/|/internal$|/cmd/|/examples/|/scripts/|/gen/' | LC_ALL=C sort); do
  echo "== ${package#github.com/atlas-exportbuckets/}"
  go doc -all "$package" | awk '
    /^(CONSTANTS|VARIABLES|FUNCTIONS|TYPES)$/ { inside = 1; next }
    inside && !/^    / && !/^[ \t]*\/\// && !/^[ \t]*$/ { print }'
done
