#!/usr/bin/env bash
# Maintains the issues of .github/workflows/drift.yml: one about changes, and one about a
# failed comparison. This script opens, updates and closes both. In: VERDICT and REPORT
# (outputs of the action), RUN (the address of the run), and the variables that gh needs.
set -euo pipefail

changed="Atlas changed the contract of snapshot export buckets"
broken="The contract cannot be compared with Atlas's specification"

# number TITLE prints the number of the open issue with that title, or nothing.
number() {
  TITLE=$1 gh issue list --state open --label drift --limit 100 --json number,title \
    --jq 'map(select(.title == env.TITLE)) | .[0].number // empty'
}

# finish TITLE WHY closes the issue with that title.
finish() {
  local issue
  issue=$(number "$1")
  if [ -n "$issue" ]; then gh issue close "$issue" --comment "$2: $RUN"; fi
}

# ids lists the ids of the changes of a report.
ids() { tr -d '\r' | grep -- '^- id: ' | sort || true; }

# keep TITLE opens the issue with that title, or updates it. An edit does not notify anyone,
# so a comment reports a different list of changes.
keep() {
  local issue before
  printf '\n%s\n' "Reported by $RUN" >>"$REPORT"
  issue=$(number "$1")
  if [ -z "$issue" ]; then
    gh label create drift --force --color D93F0B --description "Upstream changed the contract"
    gh issue create --title "$1" --label drift --body-file "$REPORT"
    return
  fi
  before=$(gh issue view "$issue" --json body --jq .body | ids)
  gh issue edit "$issue" --body-file "$REPORT"
  if [ "$before" != "$(ids <"$REPORT")" ]; then
    gh issue comment "$issue" --body "The list of changes is different now: $RUN"
  fi
}

case $VERDICT in
not-compared)
  keep "$broken"
  ;;
in-sync | docs)
  finish "$broken" "The comparison works again"
  finish "$changed" "No change needs attention any more"
  ;;
*)
  finish "$broken" "The comparison works again"
  keep "$changed"
  ;;
esac
