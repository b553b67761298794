# Short names for the commands of CONTRIBUTING.md. They need Go, and no root.
.PHONY: check test bench demo vulnerabilities

check: ## format, vet, linters, go.mod
	.ci/lint
test:
	go test ./...
bench:
	go test -run '^$$' -bench . ./bench
demo:
	go run ./cmd/loadgate run --demo --profile demo
vulnerabilities: ## needs the network
	go tool -modfile=tools/go.mod govulncheck ./...
