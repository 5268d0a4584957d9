#!/usr/bin/env bash
# Checks the requirements for tagging a version: scripts/release-check.sh v0.2.0
# Requires a clean tree, a changelog section, examples that require the version, fresh
# generated files and passing tests; compares the public API with the last tag's by
# apidiff; and prints the checksum of the command that the tagged commit builds.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:?usage: scripts/release-check.sh vX.Y.Z}
go=${GO:-go}
APIDIFF=golang.org/x/exp/cmd/apidiff@v0.0.0-20261014143641-f0251eb4aa3e
fail() { echo "release-check: $*" >&2; exit 1; }

[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "$version is not a semantic version such as v0.2.0"
[ -z "$(git status --porcelain)" ] || fail "the tree is not clean: commit or remove what git status lists"
grep -qE "^## \[?${version#v}\]?( |$)" CHANGELOG.md || fail "CHANGELOG.md has no section \"## ${version#v}\""
tagged=$(git rev-parse -q --verify "refs/tags/$version^{commit}" || true)
[ -z "$tagged" ] || [ "$tagged" = "$(git rev-parse HEAD)" ] || fail "the tag $version exists and is not this commit"

module=$("$go" list -m)
for mod in examples/*/go.mod; do
  pin=$("$go" mod edit -json "$mod" | sed -n "\\,\"Path\": \"$module\",{n;s/.*\"Version\": \"\\(.*\\)\".*/\\1/p;}" | head -1)
  [ "$pin" = "$version" ] || fail "$mod requires ${pin:-no version} of $module, not $version"
done

make --no-print-directory test tidy fresh api examples

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

# The command takes its version from the tag, so the builds are made in clones that have the
# tag. Two of them must be equal.
for clone in one two; do
  git clone -q . "$temp/$clone"
  git -C "$temp/$clone" rev-parse -q --verify "refs/tags/$version" >/dev/null || git -C "$temp/$clone" tag "$version"
  make --no-print-directory -C "$temp/$clone" build
done
cmp "$temp/one/dist/exportbuckets" "$temp/two/dist/exportbuckets" || fail "two builds of one commit differ"
"$temp/one/dist/exportbuckets" --version | grep -qF "$version" || fail "the built command does not report $version"
echo "sha256 $(sha256sum "$temp/one/dist/exportbuckets" | cut -d' ' -f1) exportbuckets $version $("$go" env GOOS GOARCH | paste -sd/) $("$go" env GOVERSION)"

last=$(git describe --tags --abbrev=0 --match 'v*' --exclude "$version" 2>/dev/null || true)
if [ -z "$last" ]; then
  echo "no earlier version: nothing to compare the API with"
  echo "$version can be tagged"
  exit 0
fi
apidiff() { "$go" run "$APIDIFF" -m "$@" 2> >(grep -v '^Ignoring internal package' >&2); }
git clone -q --branch "$last" -c advice.detachedHead=false . "$temp/last"
(cd "$temp/last" && apidiff -w "$temp/api" "$module")
# The API of the packages below gen is not stable (see scripts/api.sh).
changes=$(apidiff -incompatible "$temp/api" "$module" | sed '\,/gen/,d')
if [ -n "$changes" ]; then
  echo "incompatible with $last:"
  echo "$changes"
  [[ $version == v0.* && ${version#v0.} != "${last#v0.}" && ${version%.*} != "${last%.*}" ]] ||
    fail "an incompatible change needs a new minor version below 1.0, or a new major version"
fi
echo "$version can be tagged"
