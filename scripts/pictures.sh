#!/usr/bin/env bash
# Takes the pictures of the README: a terminal session with the demo, and the
# report page of a verification that fails. Needs Chromium (see internal/shots).
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
  cat <<'HTML'
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>A terminal session</title>
<link rel="icon" href="data:,">
<style>
  body { margin: 0; padding: 28px; background: #f3f4f6; }
  @media (prefers-color-scheme: dark) { body { background: #0b0d10; } }
  pre { margin: 0; padding: 24px 28px; border-radius: 10px; background: #14181d; color: #d6dde4;
        font: 16px/1.5 "DejaVu Sans Mono", monospace; overflow: hidden; }
  b { color: #6fd08c; font-weight: normal; }
</style>
</head>
<body><main><h1 hidden>A terminal session</h1><pre>
HTML
  printf '<b>$</b> make demo\n'
  # The port differs from run to run; a picture should not.
  "${GO:-go}" run ./cmd/exportbuckets demo | sed -E 's/127\.0\.0\.1:[0-9]+/127.0.0.1:43273/; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
  printf '</pre></main></body></html>\n'
} > "$work/terminal.html"
cp internal/report/testdata/verify.html "$work/report.html"
cd internal/shots
"${GO:-go}" run . -fold 632 -out ../../docs/pictures "$work/terminal.html"
"${GO:-go}" run . -fold 900 -out ../../docs/pictures "$work/report.html"
