#!/usr/bin/env bash
# Changes the judging code one place at a time (a comparison turned, a bound moved, a
# sign flipped) and tells which changes no test notices: scripts/mutants.sh [AREA…]
# Areas: drift, planning, verify, schema. A survivor that cannot matter stands in
# scripts/mutants.explained with its reason; any other fails the run. It takes
# 20 minutes of two cores, so it is no part of CI.
set -euo pipefail
cd "$(dirname "$0")/.."
GREMLINS=github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

GOBIN=$work go install "$GREMLINS"

# A changed package is held by its own tests alone. This stands before go on PATH, so
# that the folders below stay out of it, and says that every line is covered: coverage
# has no blocks for the conditions of a case, which Gremlins would leave alone, and a
# line that no test reaches is a survivor.
mkdir "$work/bin"
cat >"$work/bin/go" <<SHIM
#!/usr/bin/env bash
args=() profile=
for arg; do
  [ "\$before" != -coverprofile ] || profile=\$arg
  before=\$arg
  case \$arg in
    test) args+=(test -short -vet=off) ;;
    ./*/...) args+=("\${arg%/...}") ;;
    *) args+=("\$arg") ;;
  esac
done
[ -n "\$profile" ] || exec $(command -v go) "\${args[@]}"
$(command -v go) "\${args[@]}" || exit
awk -F: 'NR == 1; NR > 1 && !seen[\$1]++ { print \$1 ":1.1,99999.1 1 1" }' "\$profile" >"\$profile.all"
mv "\$profile.all" "\$profile"
SHIM
chmod +x "$work/bin/go"

mutate() { # mutate FOLDER [FLAG…]
  local folder=$1
  shift
  echo "== $folder" >&2
  PATH=$work/bin:$PATH "$work/gremlins" unleash --workers 2 --timeout-coefficient 10 \
    --coverpkg "./$folder" "$@" "./$folder" |
    sed -uE "s,^ *([A-Z ]+) ([A-Z_]+) at ,\1\t\2\t$folder/," | tee -a "$work/all" >&2
}

[ $# -gt 0 ] || set -- drift planning verify schema
for area; do
  case $area in
    drift) mutate openapi/drift/internal/judge ;;
    planning) mutate openapi/drift -E '^internal/' -E '^(contract|drift|shapes|read|plausible|model|takein|affects|inherit|notes|selection|report)\.go' ;;
    verify) mutate contracttest -E '^(internal|fakeatlas|recording)/' -E '^(recorder|run|curl|options|report|model)' ;;
    schema) mutate contracttest/internal/schema ;;
    *) echo "mutants: no area \"$area\": drift, planning, verify or schema" >&2; exit 2 ;;
  esac
done

caught=$(grep -cE $'^(KILLED|TIMED OUT)\t' "$work/all" || true)
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
echo "$caught mutants caught, $known explained, $unknown that no test notices"
[ $unknown -eq 0 ]
