#!/usr/bin/env bash
# Takes the pictures in the README from real runs of the command: a terminal session with
# the demo, and the report of a failed verification. Needs Chromium (see scripts/shots).
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
"${GO:-go}" build -o "$work/" ./cmd/exportbuckets
"${GO:-go}" build -C scripts -o "$work/" ./shots
PATH=$work:$PATH
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
  # The port differs between runs, but the picture must not.
  exportbuckets demo | sed -E 's/127\.0\.0\.1:[0-9]+/127.0.0.1:43273/; s/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
  printf '</pre></main></body></html>\n'
} > "$work/terminal.html"

# record_session records calls to a fake Atlas that violates the contract in four ways.
record_session() {
  coproc serve { exec exportbuckets serve --addr 127.0.0.1:0 --buckets 12 --providers aws,azure,gcp \
    --fault field=kmsKeyArn,on=get,times=2 --fault provider=OCI,on=list,times=1 \
    --fault version=2023-01-01,on=update,times=1 --fault status=409,code=CONFLICT,on=create,times=1 2>/dev/null; }
  server=$serve_PID
  for _ in 1 2 3 4 5 6; do
    read -r -u "${serve[0]}" line
    case $line in *_CLIENT_*) ;; *) export "${line?}" ;; esac
  done
  local aws=6657c1810000000001000001 gcp=6657c1830000000001000003 create
  create=(exportbuckets create --provider gcp --bucket-name snapshots --role-id 64f1c0ffee0000000000000a --record recordings)
  exportbuckets list --record recordings
  exportbuckets get "$aws" --record recordings
  exportbuckets get "$gcp" --record recordings
  exportbuckets get 64f1c0ffee0000000000000b --record recordings || [ $? -eq 4 ]
  exportbuckets update "$aws" --require-private-networking --record recordings || true # refused: the response has another version
  "${create[@]}" || true # refused by the fake
  "${create[@]}"
  exportbuckets delete "$gcp" --yes --record recordings
}
cd "$work"
record_session > session.log 2>&1 || { cat session.log >&2; exit 1; }
exportbuckets verify recordings --min-coverage 80 --format html --output report.html || [ $? -eq 1 ]
cd "$OLDPWD"
shots -fold 632 -out docs/pictures "$work/terminal.html"
shots -fold 900 -out docs/pictures "$work/report.html"
