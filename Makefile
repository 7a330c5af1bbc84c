# The only commands a person has to know.
.PHONY: run test check outside bench
.DEFAULT_GOAL := run

# Installs what is missing, builds, and starts everything: PostgreSQL of its own, migrations, demonstration data.
run:
	@scripts/install postgresql
	@cargo build --release --locked --bin torg
	@target/release/torg dev --seed

# All tests, against a real PostgreSQL and a real Redis.
test:
	@scripts/install postgresql redis pdftotext curl jq
	@cargo build --locked --bin torg
	cargo test --workspace --locked

# What must hold before anything lands: form, lints, structure, drift.
check:
	@scripts/install postgresql
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo test --locked --package tests --test tidy

# The API as integrators see it, judged by public tools: a linter, the validators of UBL, generated clients, a fuzzer. Needs the binary that
# `make test` builds.
outside:
	@cargo build --locked --bin torg
	scripts/lint-openapi
	scripts/validate-ubl
	scripts/with-server sh -ec 'scripts/test-clients; scripts/fuzz-api'

# Requests per second and latencies beside limits measured in the same run, and the order book alone beside others.
bench:
	@scripts/install postgresql oha
	@cargo build --release --locked --workspace --bins
	@target/release/bench
	@cargo run --release --locked --manifest-path domain/bench/Cargo.toml
