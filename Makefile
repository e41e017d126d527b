# Everything here installs what it needs into node_modules; nothing is installed globally.
# Node 24 comes from node_modules as well: any Node that runs npm will do to begin with.

SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

PRESET ?= presets/redox
VITEST_FLAGS ?=

# The image, what it is made on (any image with Node 24; one without a shell for clusters), and what makes it.
IMAGE ?= sidegate:dev
BASE ?= node:24-slim
DOCKER ?= docker

.PHONY: faults help install dev test check unit format generate build image chart e2e e2e-node kind kind-delete bench clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: node_modules/.installed ## Install the dependencies

# Not `npm ci`: it fails where a registry lacks a package that only other platforms need and the lock file names.
# --no-save leaves the lock file as it is; versions come from it all the same.
node_modules/.installed: package.json package-lock.json
	npm install --no-save --loglevel=error
	@touch $@

dev: install ## Start operator and sidecar on a folder of manifests (PRESET=presets/redox) and answer questions
	cli/sidegate dev $(PRESET)

test: check unit ## Run all checks and all tests that need no cluster

check: install ## Check formatting, lint, types, unused code and that generated files are fresh
	biome check
	tsc -p .
	knip

unit: install ## Run the tests that need no cluster
	vitest run $(VITEST_FLAGS)

format: install ## Format and fix what can be fixed
	biome check --write

generate: install ## Make the generated files anew
	node crds/generate-types.ts
	node proto/generate.ts
	node docs/generate.ts
	node charts/generate.ts

build: install ## Make dist: the command line as JavaScript with all that it needs, its licenses and SBOM
	rolldown --config --logLevel warn

image: build ## Build the image (IMAGE=sidegate:dev BASE=node:24-slim DOCKER=docker)
	$(DOCKER) build --build-arg BASE=$(BASE) --build-arg REVISION=$$(git rev-parse HEAD) --tag $(IMAGE) .

chart: install ## Render the chart with Helm for people without Helm (charts/kustomize), and test what it makes
	helm template sidegate charts/sidegate --namespace sidegate-system --kube-version 1.34 --set crds.enabled=false >charts/kustomize/sidegate.yaml
	vitest run --config vitest.chart.config.ts $(VITEST_FLAGS)

e2e: install ## Run the cluster suites against the cluster that KUBECONFIG names, and with SIDEGATE_IMAGE those that run pods
	@test -n "$$KUBECONFIG" || { echo "KUBECONFIG is not set: name a cluster that may be written to (or 'make kind')" >&2; exit 2; }
	vitest run --config vitest.cluster.config.ts $(VITEST_FLAGS)
	@test -z "$$SIDEGATE_IMAGE" || $(MAKE) e2e-node

faults: install ## Run all fault suites, also those that take minutes, against the cluster that KUBECONFIG names
	@test -n "$$KUBECONFIG" || { echo "KUBECONFIG is not set: name a cluster that may be written to" >&2; exit 2; }
	vitest run --config vitest.faults.config.ts $(VITEST_FLAGS)

e2e-node: install ## Of these only the suites that install the image SIDEGATE_IMAGE and run pods
	@test -n "$$KUBECONFIG" -a -n "$$SIDEGATE_IMAGE" || { echo "KUBECONFIG and SIDEGATE_IMAGE have to be set" >&2; exit 2; }
	vitest run --config vitest.node.config.ts $(VITEST_FLAGS)

kind: image ## Create a cluster with kind (needs Docker, kind, kubectl and Helm), give it the image, and run the cluster suites against it
	kind create cluster --name sidegate --kubeconfig .sidegate/kind.kubeconfig
	kind load docker-image $(IMAGE) --name sidegate
	KUBECONFIG=$(CURDIR)/.sidegate/kind.kubeconfig SIDEGATE_IMAGE=$(IMAGE) $(MAKE) e2e

kind-delete: ## Delete the cluster that `make kind` created
	kind delete cluster --name sidegate

bench: install ## Measure, and print the figures with machine and versions
	node bench/main.ts

clean: ## Remove what was installed and made
	rm -rf node_modules coverage dist .sidegate
