#!/usr/bin/env bash
# Runs every fuzz target of the module for the given time each. Minimizing is limited,
# because at its default of 60 s it would use the whole time.
set -euo pipefail
time=${1:-60s}
cd "$(dirname "$0")/.."
for file in $(git ls-files '*_test.go' | xargs grep -l '^func Fuzz'); do
  for target in $(grep -oE '^func Fuzz[A-Za-z0-9_]+' "$file" | cut -d' ' -f2); do
    echo "== $(dirname "$file") $target"
    go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 10x
  done
done
