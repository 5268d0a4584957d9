#!/usr/bin/env bash
# What must hold before a version is tagged: scripts/release-check.sh v0.2.0
# Compares the public API with the last tag's by apidiff, and asks for a changelog
# entry, fresh generated files, a clean tree and a build that comes out the same twice.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?usage: scripts/release-check.sh vX.Y.Z}
APIDIFF=golang.org/x/exp/cmd/apidiff@v0.0.0-20261014143641-f0251eb4aa3e
fail() { echo "release-check: $*" >&2; exit 1; }

[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "$version is no semantic version such as v0.2.0"
[ -z "$(git status --porcelain)" ] || fail "the tree is not clean: commit or drop what git status shows"
! git rev-parse -q --verify "refs/tags/$version" >/dev/null || fail "$version is tagged already"
grep -qE "^## \[?${version#v}\]?( |$)" CHANGELOG.md || fail "CHANGELOG.md has no section \"## ${version#v}\""
make --no-print-directory tidy fresh api build

other=$(mktemp -d)
trap 'rm -rf "$other"' EXIT
git clone -q . "$other/now"
make --no-print-directory -C "$other/now" build
cmp dist/exportbuckets "$other/now/dist/exportbuckets" || fail "two builds of one commit differ"
echo "sha256 $(sha256sum dist/exportbuckets | cut -d' ' -f1) dist/exportbuckets"

last=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)
if [ -z "$last" ]; then
  echo "no earlier version: nothing to compare the API with"
  exit 0
fi
apidiff() { go run "$APIDIFF" -m "$@" 2> >(grep -v '^Ignoring internal package' >&2); }
module=$(go list -m)
git clone -q --branch "$last" -c advice.detachedHead=false . "$other/last"
(cd "$other/last" && apidiff -w "$other/api" "$module")
changes=$(apidiff -incompatible "$other/api" "$module")
if [ -n "$changes" ]; then
  echo "incompatible with $last:"
  echo "$changes"
  [[ $version == v0.* && ${version#v0.} != "${last#v0.}" && ${version%.*} != "${last%.*}" ]] ||
    fail "an incompatible change needs a new minor version below 1.0, or a new major version"
fi
echo "$version can be tagged"
