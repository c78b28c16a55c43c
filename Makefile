# The tasks of this repository. `make` alone lists them.

# A build folder that another user left behind (root, for instance) is not touched: then this user gets one of their own.
SCRATCH := $(shell if [ -e .build ] && [ ! -w .build ]; then echo .build-$$(id -u); else echo .build; fi)
SWIFT ?= swift
TIDY := scripts/in-temporary-folder
# Put before each command that compiles, for machines where builds have to queue.
RUN ?=
LIBRARIES := Diagnostics PostgresTypes SQLText PostgresClient SealedStreams HTTPClient OffPool CatalogInspection ArchiveRepository \
	Migrations LogicalBackup LocalPostgres Policies ModelGeneration DataModels Seeding PoolChecks ProjectHealth Maintenance

.DEFAULT_GOAL := help
.PHONY: help demo test build release install uninstall package try-package lint format docs models manual tsan soak fuzz clean

help: ## Show this list.
	@echo "make demo and make test need nothing but Swift, git and make: they install the packages that are missing."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: ## Install what is missing, build a release, run the whole path on an embedded PostgreSQL.
	@scripts/install-dependencies
	@$(MAKE) --no-print-directory release
	@$(SCRATCH)/release/wheels-db demo

test: ## Install what is missing, build, run every test.
	@scripts/install-dependencies --tests
	@SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 \
		$(RUN) $(TIDY) $(SWIFT) test --scratch-path $(SCRATCH) --disable-xctest --parallel

build: ## Build everything for debugging, tests included.
	@scripts/install-dependencies
	@$(RUN) $(TIDY) $(SWIFT) build --scratch-path $(SCRATCH) --build-tests

release: ## Build the optimised program with the Swift runtime inside.
	@scripts/install-dependencies
	@$(RUN) $(TIDY) $(SWIFT) build --scratch-path $(SCRATCH) -c release --static-swift-stdlib --product wheels-db
	@echo "$(SCRATCH)/release/wheels-db"

PREFIX ?= /usr/local
export DESTDIR

install: ## Install the program of `make release`, its manual and completions below PREFIX (/usr/local).
	@[ -x $(SCRATCH)/release/wheels-db ] || $(MAKE) --no-print-directory release
	@$(TIDY) sh -ec 'packaging/make-tree $(SCRATCH)/release/wheels-db "$$TMPDIR/tree"; \
		TREE="$$TMPDIR/tree" packaging/install-files install $(PREFIX)'

uninstall: ## Remove what install put below PREFIX.
	@packaging/install-files uninstall $(PREFIX)

package: release ## Make the Debian package and the tarball in .build-package.
	@scripts/install-dependencies --packaging
	@packaging/make-package $(SCRATCH)/release/wheels-db .build-package

try-package: package ## Install the package in a clean Debian 12, use it there, purge it; as root.
	@packaging/try-package .build-package/*.deb

lint: ## Check format and style; changes nothing.
	@$(SWIFT) format lint --strict -r Sources Tests Plugins Package.swift
	@sh -n scripts/install-dependencies
	@sh -n scripts/in-temporary-folder
	@for script in commit install-files make-package make-tree same-package; do sh -n packaging/$$script || exit 1; done
	@bash -n packaging/try-package
	@bash -n .ci/run

format: ## Rewrite the sources in the committed style.
	@$(SWIFT) format --in-place -r Sources Tests Plugins Package.swift

docs: ## Build the documentation of every library; a warning is an error.
	@scripts/install-dependencies
	@mkdir -p $(SCRATCH)/docs
	@for library in $(LIBRARIES); do \
		echo "documentation of $$library"; \
		$(RUN) $(TIDY) $(SWIFT) package --scratch-path $(SCRATCH) --allow-writing-to-directory $(SCRATCH)/docs \
			generate-documentation --target $$library --output-path $(SCRATCH)/docs/$$library \
			--warnings-as-errors > $(SCRATCH)/docs/log 2>&1 \
			|| { cat $(SCRATCH)/docs/log; exit 1; }; \
	done

models: ## Write the Swift models anew from the migrations.
	@scripts/install-dependencies
	@$(RUN) $(TIDY) $(SWIFT) run --scratch-path $(SCRATCH) wheels-db models generate

manual: ## Write docs/CLI.md and docs/LINT-RULES.md anew from the tool itself.
	@scripts/install-dependencies
	@WHEELS_WRITE_MANUAL=1 $(RUN) $(TIDY) $(SWIFT) test --scratch-path $(SCRATCH) --disable-xctest --filter CommandReferenceTests --filter LintRuleBookTests \
		--filter OwnSchemaTests

tsan: ## Run the tests of the client and of backup and restore under the thread sanitizer.
	@scripts/install-dependencies --tests
	@WHEELS_SANITIZED=1 $(RUN) $(TIDY) $(SWIFT) test --scratch-path $(SCRATCH)-tsan --disable-xctest --sanitize=thread \
		--filter PostgresClientTests --filter LogicalBackupTests

soak: ## Kill backups, prunes and restores at 100 moments each, encode 10,000 random tables, back up 200 random nights.
	@scripts/install-dependencies --tests
	@WHEELS_SOAK=$${WHEELS_SOAK:-100} WHEELS_RANDOM_TABLES=$${WHEELS_RANDOM_TABLES:-10000} \
		WHEELS_SOAK_NIGHTS=$${WHEELS_SOAK_NIGHTS:-200} \
		$(RUN) $(TIDY) $(SWIFT) test --scratch-path $(SCRATCH) --disable-xctest --filter StormTests \
		--filter KillCampaignTests --filter RepositoryCampaignTests --filter RandomTableTests

fuzz: ## Feed the decoder of rows with what libFuzzer makes up, for FUZZ_SECONDS (60).
	@scripts/install-dependencies
	@RUN="$(RUN)" Benchmarks/fuzz $${FUZZ_SECONDS:-60}

clean: ## Remove what was built.
	@rm -rf .build .build-*
