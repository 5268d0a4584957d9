#!/usr/bin/env bash
# Builds the command for the usual platforms: scripts/release-build.sh FOLDER.
# The folder gets one archive per platform and SHA256SUMS. In a clone with the tag, the
# binaries have the checksum that release-check prints.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:?usage: scripts/release-build.sh FOLDER}
go=${GO:-go}
version=$(git describe --tags --exact-match --match 'v*' 2>/dev/null || git rev-parse --short HEAD)
mkdir -p "$out"
out=$(cd "$out" && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
# Every archive has the same time, so that the bytes are equal on every run.
stamp=$(git log -1 --format=%cI)

for platform in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64; do
  GOOS=${platform%/*} GOARCH=${platform#*/}
  export GOOS GOARCH
  name=exportbuckets_${version}_${GOOS}_${GOARCH}
  suffix=
  [ "$GOOS" != windows ] || suffix=.exe
  mkdir "$temp/$name"
  make --no-print-directory build GO="$go" OUT="$temp/$name/exportbuckets$suffix"
  cp LICENSE NOTICE README.md "$temp/$name"
  tar --sort=name --mtime="$stamp" --owner=0 --group=0 --numeric-owner -C "$temp" -cf - "$name" | gzip -n >"$out/$name.tar.gz"
done
cd "$out"
sha256sum -- *.tar.gz >SHA256SUMS
cat SHA256SUMS
