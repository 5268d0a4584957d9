#!/usr/bin/env bash
# Changes the code in one place at a time (a comparison reversed, a bound moved, a sign
# changed) and lists the changes that no test detects:
#
#   scripts/mutants.sh [AREA…]              every change in the areas, or in all of them
#   scripts/mutants.sh -sample N [AREA…]    about N of them, chosen by the content of the tree
#
# A survivor that has no effect is listed in scripts/mutants.explained with its reason; any
# other survivor fails the run. A sample fails if more than 15 % of it survive: CI draws a
# sample of 100 on every change, and an older survivor must not block an unrelated change.
# If 8 % survive, one sample in a hundred exceeds 15 %. All areas take over an hour on two
# cores.
set -euo pipefail
cd "$(dirname "$0")/.."
GREMLINS=github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
AREAS=(drift planning verify schema recorder recording fake client oas trim limits)
sample=0
if [ "${1:-}" = -sample ]; then
  sample=${2:?mutants: -sample needs a number}
  shift 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

GOBIN=$work go install "$GREMLINS"

# A changed package is tested by its own tests only. This script comes before go on PATH, so
# that the folders below the package are omitted, and reports that every line is covered:
# coverage has no blocks for the conditions of a case, which Gremlins would leave out, and a
# line that no test reaches is a survivor. It runs the tests that -short skips only for a
# change that the other tests do not detect; the coefficient below applies to both runs. The
# tests are linked without debug information, which halves the time of linking. In a sample,
# it fails at once for a change that was not selected, and counts it in $work/skipped.
module=$(go list -m)
mkdir "$work/bin"
cat >"$work/bin/go" <<SHIM
#!/usr/bin/env bash
args=() profile= folder= package=
for arg; do
  [ "\$before" != -coverprofile ] || profile=\$arg
  before=\$arg
  case \$arg in
    test) args+=(test -vet=off -ldflags='-s -w') ;;
    ./*/...) folder=\${arg%/...} args+=("\$folder") ;;
    $module/*) package=\$arg args+=("\$arg") ;;
    *) args+=("\$arg") ;;
  esac
done
if [ -z "\$profile" ]; then
  if [ -n "\$MUTANTS_KEEP" ] && [ -n "\$package" ]; then # in the package's folder
    number=\$( (echo "\$MUTANTS_SEED"; cat ./*.go) | cksum | cut -d' ' -f1)
    [ \$((number % 10000)) -lt "\$MUTANTS_KEEP" ] || { echo >>"$work/skipped"; exit 1; }
  fi
  [ "\$1" != test ] || $(command -v go) "\${args[@]}" -short || exit
  exec $(command -v go) "\${args[@]}"
fi
if [ -n "\$MUTANTS_COUNTING" ]; then
  { echo mode: set; for file in "\$folder"/*.go; do echo "$module/\${file#./}:1.1,99999.1 1 1"; done; } >"\$profile"
  exit
fi
$(command -v go) "\${args[@]}" -short || exit
awk -F: 'NR == 1; NR > 1 && !seen[\$1]++ { print \$1 ":1.1,99999.1 1 1" }' "\$profile" >"\$profile.all"
mv "\$profile.all" "\$profile"
SHIM
chmod +x "$work/bin/go"
touch "$work/all" "$work/skipped"

gremlins() { # gremlins FOLDER [FLAG…]
  local folder=$1
  shift
  PATH=$work/bin:$PATH "$work/gremlins" unleash --workers 2 --timeout-coefficient 20 \
    --coverpkg "./$folder" "$@" "./$folder" |
    sed -uE "s,^ *([A-Z ]+) ([A-Z_]+) at ,\1\t\2\t$folder/,"
}

mutate() { # mutate FOLDER [FLAG…]
  echo "== $1" >&2
  if [ -n "${MUTANTS_COUNTING:-}" ]; then
    gremlins "$@" --dry-run | grep -cE $'^RUNNABLE\t' >>"$work/counts" || true
  else
    gremlins "$@" | tee -a "$work/all" >&2
  fi
}

mutate_area() { # mutate_area AREA
  local below='^(internal|fakeatlas)/'
  case $1 in
    drift) mutate openapi/drift/internal/compare ;;
    planning) mutate openapi/drift -E '^internal/' -E '^(contract|drift|shapes|read|plausible|model|takein|affects|inherit|notes|selection|report)\.go' ;;
    verify) mutate contracttest -E "$below" -E '^(recorder|run|curl|options|report|model)' ;;
    schema) mutate contracttest/internal/schema ;;
    recorder)
      mutate contracttest -E "$below" -E '^([^r]|r[^e]|re[^c])' # all except recorder*.go
      mutate contracttest/internal/scrub
      ;;
    recording) mutate contracttest/internal/recording ;;
    fake) mutate contracttest/fakeatlas ;;
    client)
      mutate client -E '^internal/'
      for folder in client/internal/*/; do mutate "${folder%/}"; done
      ;;
    oas) mutate internal/oas ;;
    trim) mutate internal/trim ;;
    limits) mutate internal/limits -E '^limitstest/' ;;
    *) echo "mutants: no area \"$1\"; the areas are ${AREAS[*]}" >&2; return 2 ;;
  esac
}

[ $# -gt 0 ] || set -- "${AREAS[@]}"
if [ "$sample" -gt 0 ]; then
  export MUTANTS_COUNTING=yes
  for area; do mutate_area "$area"; done
  unset MUTANTS_COUNTING
  total=$(awk '{ sum += $1 } END { print sum }' "$work/counts")
  # Per 10,000, rounded up, so that a sample is not too small.
  export MUTANTS_KEEP=$(((sample * 10000 + total - 1) / total))
  MUTANTS_SEED=$(git rev-parse "HEAD^{tree}")
  export MUTANTS_SEED
  echo "mutants: about $sample of $total, by the tree $MUTANTS_SEED" >&2
fi
for area; do mutate_area "$area"; done

caught=$(($(grep -cE $'^(KILLED|TIMED OUT)\t' "$work/all" || true) - $(wc -l <"$work/skipped")))
known=0 unknown=0
while IFS=$'\t' read -r status mutator place; do
  IFS=: read -r file line _ <<<"$place"
  source=$(sed -n "${line}s/^[[:space:]]*//p" "$file")
  if grep -qxF "$mutator $file: $source" scripts/mutants.explained; then
    known=$((known + 1))
  else
    unknown=$((unknown + 1))
    printf '%s %s: %s\n    %s %s: %s\n' "$status" "$place" "$mutator" "$mutator" "$file" "$source"
  fi
done < <(grep -E $'^(LIVED|NOT COVERED)\t' "$work/all" || true)
echo "$caught mutants caught, $known explained, $unknown that no test detects"
[ $((unknown * 100)) -le $((sample > 0 ? 15 * (caught + known + unknown) : 0)) ]
