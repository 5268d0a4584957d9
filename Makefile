# `make help` lists the targets. They need only Go, git and make, unless the description
# of a target lists more.
SHELL := /bin/bash
.DEFAULT_GOAL := help

GO ?= go
PACKAGES := ./...
LINT_VERSION := v2.15.0
AXE_VERSION := 4.14.1

# The tools in scripts/ are a module of their own. $(call tool,NAME) builds one and runs it in
# this folder.
tool = $(GO) build -C scripts -o ../bin/tools/$(1) ./$(1) && bin/tools/$(1)

FUZZTIME ?= 60s
OUT ?= dist/exportbuckets

.PHONY: help
help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z][a-z-]*:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## the whole flow in one process: fake Atlas, client, recording, verdict
	$(GO) run ./cmd/exportbuckets demo

.PHONY: examples
examples: ## build and test the examples, and run them against a fake Atlas
	@GO="$(GO)" scripts/examples.sh

# A test that takes more than about a second of CPU time is skipped under -short; package
# internal/slowtest has the rule. make race includes these tests. Tests that have fewer cases
# under the race detector run with all cases in make cover. The tests are linked without debug
# information, which halves the time of linking.
.PHONY: test
test: ## run the fast tests, in less than a minute on two idle cores; make check runs the slow ones too
	$(GO) test -short -timeout 5m -ldflags='-s -w' $(PACKAGES)

.PHONY: race
race: ## all tests under the race detector, in random order (needs a C compiler)
	$(GO) test -race -shuffle=on -timeout 20m $(PACKAGES)

.PHONY: tools
tools: ## vet and test the tools in scripts/, a module of their own
	$(GO) vet -C scripts ./...
	$(GO) test -C scripts -timeout 10m ./...

.PHONY: generate
generate: ## generate gen/ from the committed contract; needs no network
	$(GO) generate ./...

.PHONY: openapi
openapi: ## extract the contract from the upstream specification: make openapi UPSTREAM=FILE
	@test -n "$(UPSTREAM)" || { echo "make openapi: UPSTREAM is required, such as make openapi UPSTREAM=atlas-v2.yaml" >&2; exit 2; }
	$(GO) run ./cmd/exportbuckets trim --upstream "$(UPSTREAM)" --select openapi/select.yaml

# The steps of CI, in order. .ci/run installs their dependencies and runs them.
CHECKS := test tools demo examples vet tidy fresh api lint vulnerabilities race cover real peers

.PHONY: check
check: ## the main job of CI (30 minutes; needs npm, Java and Debian packages); other jobs run fuzz, mutants-sample and shots
	@for step in $(CHECKS); do printf '\n== make %s\n' "$$step"; $(MAKE) --no-print-directory "$$step" || exit; done

.PHONY: real
real: ## verify the real recordings and specifications in ../shared; without them it prints that nothing was verified
	@GO="$(GO)" scripts/real.sh ../shared

.PHONY: vet
vet: ## go vet and gofmt
	$(GO) vet $(PACKAGES)
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "gofmt: $$unformatted" >&2; exit 1; }

.PHONY: lint
lint: ## golangci-lint, built from source at the pinned version (with the Go version that it requires)
	GOTOOLCHAIN=auto $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION) run
	cd scripts && GOTOOLCHAIN=auto $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION) run

.PHONY: vulnerabilities
vulnerabilities: ## report known vulnerabilities in code that the module calls; prints a note if the database is unreachable
	@GO="$(GO)" scripts/vulnerabilities.sh

.PHONY: tidy
tidy: ## fail when go.mod or go.sum is not tidy
	$(GO) mod tidy -diff
	$(GO) mod tidy -C scripts -diff

.PHONY: fresh
fresh: ## fail if gen/ differs from the code generated from the contract
	$(GO) generate ./...
	git diff --exit-code -- gen '*.gen.go'

.PHONY: api
api: ## fail if the public API differs from its snapshot, api.txt (see make api-update)
	@scripts/api.sh | diff -u api.txt - || { echo "the public API changed: run make api-update, and describe the change in CHANGELOG.md" >&2; exit 1; }

.PHONY: api-update
api-update: ## rewrite the snapshot of the public API
	@scripts/api.sh > api.txt

.PHONY: build
build: ## build the command as it is released, in dist/: stripped, and the same bytes on every machine
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=true -ldflags "-s -w -buildid=" -o "$(OUT)" ./cmd/exportbuckets

.PHONY: release-build
release-build: ## archives of the command for the usual platforms, with SHA256SUMS, in dist/release
	@GO="$(GO)" scripts/release-build.sh dist/release

.PHONY: release-check
release-check: ## check the requirements for tagging a version: make release-check VERSION=v0.2.0
	@test -n "$(VERSION)" || { echo "make release-check: name the version to tag: make release-check VERSION=v0.2.0" >&2; exit 2; }
	@scripts/release-check.sh "$(VERSION)"

.PHONY: bench
bench: ## run all benchmarks, with their baselines
	$(GO) test -run '^$$' -bench . -benchmem $(PACKAGES)

.PHONY: bench-verify
bench-verify: ## compare verify with Redocly's drift on one recording: wall time and peak memory
	@GO="$(GO)" scripts/bench-verify.sh

.PHONY: bench-drift
bench-drift: ## compare drift with oasdiff on two whole specifications: processor time and peak memory
	@GO="$(GO)" scripts/bench-drift.sh

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (60s) each
	@scripts/fuzz.sh $(FUZZTIME)

.PHONY: cover
cover: ## statement coverage of client, contracttest, openapi, and the packages that they read specifications with; fails under 90 %
	@GO="$(GO)" scripts/cover.sh 90

.PHONY: mutants
mutants: ## change the code one place at a time; fail if no test detects a change: make mutants AREA=client for one area (an hour for all)
	$(call tool,mutants) $(AREA)

.PHONY: mutants-sample
mutants-sample: ## the same for a sample of 100 changes
	$(call tool,mutants) -sample 100 -seed "$$(git rev-parse HEAD^{tree})"

.PHONY: all-operations
all-operations: ## generate and check every operation in every version: make all-operations UPSTREAM=FILE (3 minutes)
	@test -n "$(UPSTREAM)" || { echo "make all-operations: name upstream's specification: make all-operations UPSTREAM=atlas-v2.yaml" >&2; exit 2; }
	$(call tool,alloperations) "$(UPSTREAM)"

.PHONY: weight
weight: ## measure the cost of importing the client: stripped bytes, and CPU time of a cold compile
	$(call tool,weight)

.PHONY: peers
peers: ## run other projects' tools on this module, and write docs/peers.md: make peers PART=NAME for one part
	@export GO="$(GO)"; $(call tool,peers) $(PART)

.PHONY: shots
shots: ## pictures and checks of the report pages in headless Chromium, with axe-core (npm; installs Chromium where apt-get can)
	npm install --prefix dist/axe --no-save --ignore-scripts --silent axe-core@$(AXE_VERSION)
	$(call tool,largereport) > dist/large.html
	$(call tool,shots) -speed dist/large.html
	$(call tool,shots) -out dist/shots -axe dist/axe/node_modules/axe-core/axe.min.js $(addprefix internal/report/testdata/,verify.html drift.html empty.html hostile.html)

.PHONY: pictures
pictures: ## rewrite the pictures in the README (headless Chromium)
	GO="$(GO)" scripts/pictures.sh

.PHONY: verify
verify: ## verify recordings: make verify RECORDINGS=PATH
	@test -n "$(RECORDINGS)" || { echo "make verify: name recordings: make verify RECORDINGS=session.har" >&2; exit 2; }
	$(GO) run ./cmd/exportbuckets verify $(RECORDINGS)

.PHONY: drift
drift: ## detect changes of the upstream specification: make drift UPSTREAM=FILE-or-URL
	@test -n "$(UPSTREAM)" || { echo "make drift: name upstream's specification: make drift UPSTREAM=atlas-v2.yaml" >&2; exit 2; }
	$(GO) run ./cmd/exportbuckets drift --upstream "$(UPSTREAM)"
