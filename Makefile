# make check does what continuous integration does.

.PHONY: build check test race lint fmt fuzz bench golden soak

build:
	CGO_ENABLED=0 go build -trimpath -o bin/authbench ./cmd/authbench

check:
	.ci/run

test:
	go test ./...

race:
	go test -race -shuffle=on ./...

lint:
	.ci/lint

fmt:
	gofmt -w cmd internal scenarios
	go run ./cmd/authbench fmt scenarios
	go run ./cmd/authbench fmt examples

# Every fuzz target in its turn.
FUZZTIME ?= 60s
fuzz:
	@for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' cmd internal | xargs -n1 dirname | sort -u); do \
	  for target in $$(grep -h -o '^func Fuzz[A-Za-z0-9]*' $$dir/*_test.go | sed 's/func //'); do \
	    echo "$$dir $$target"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./$$dir || exit 1; \
	  done; \
	done

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Rewrites the files that tests compare with. Read the difference before you commit it.
golden:
	@for dir in $$(grep -rlE --include='*_test.go' 'flag.Bool\("update"' cmd internal | xargs -n1 dirname | sort -u); do \
	  go test ./$$dir -update || exit 1; \
	done

# Ten thousand iterations: no error, no growth.
soak: build
	bin/authbench test examples/update-phone.hcl --repeat 10000 --parallelism 64
