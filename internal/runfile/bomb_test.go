//go:build !race

package runfile_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/runfile"
)

// TestBombIsRefused has a small file of 128 MiB. One goroutine packs and reads it: the race
// detector would take a minute for it and see nothing.
func TestBombIsRefused(t *testing.T) {
	t.Parallel()
	line := `{"type":"failure","outcome":"error","address":"` + strings.Repeat("x", 1<<20) + "\"}\n"
	got, err := runfile.Read(bytes.NewReader(pack(t, head+totals+strings.Repeat(line, 128))))
	if got != nil || err == nil || !strings.Contains(err.Error(), "expands far beyond") {
		t.Errorf("got %v", err)
	}
}
