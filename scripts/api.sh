#!/usr/bin/env bash
# Prints the module's public API, comments left out: every exported declaration of
# every package that others may import. `go doc` indents comments by four spaces and
# declarations by tabs; before its first section stands the package comment.
set -euo pipefail
cd "$(dirname "$0")/.."
for package in $(go list ./... | grep -vE '/internal/|/internal$|/cmd/|/examples/|/scripts/' | LC_ALL=C sort); do
  echo "== ${package#github.com/atlas-exportbuckets/}"
  go doc -all "$package" | awk '
    /^(CONSTANTS|VARIABLES|FUNCTIONS|TYPES)$/ { inside = 1; next }
    inside && !/^    / && !/^[ \t]*\/\// && !/^[ \t]*$/ { print }'
done
