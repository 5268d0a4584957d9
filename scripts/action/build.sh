#!/usr/bin/env bash
# Builds the command for action.yml, unless the cache contains it. It uses the installed Go,
# which downloads the version that go.mod requires, so the Go version of later steps does
# not change. In: GITHUB_ACTION_PATH, BINARY (the file to build).
set -euo pipefail
if [ -x "$BINARY" ]; then
  echo "the cache has the command"
  exit
fi
if ! command -v go >/dev/null; then
  echo "::error title=drift::Go is not installed: run actions/setup-go before this action"
  exit 2
fi
export GOTOOLCHAIN=auto GOFLAGS= GOWORK=off
go build -C "$GITHUB_ACTION_PATH" -o "$BINARY" ./cmd/exportbuckets
