package cli_test

import (
	"bytes"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/authbench/authbench/internal/cli"
)

// TestSoak runs many iterations and looks at what stays behind: no goroutine, and of an
// iteration no more than the emulator's counts by recipient. The few fill its audit trail
// and its journal. make soak is the long form.
//
//nolint:paralleltest // the heap and the goroutines are those of the process
func TestSoak(t *testing.T) {
	const few, many, kept = 500, 1500, 512 // kept is bytes of an iteration
	before := goleak.IgnoreCurrent()
	soak(t, 20) // what is made once is made here
	early, late := soak(t, few), soak(t, many)
	goleak.VerifyNone(t, before)
	t.Logf("live heap: %d bytes after %d iterations, %d after %d", early, few, late, many)
	if late > early+(many-few)*kept {
		t.Errorf("the live heap is %d bytes after %d iterations and %d after %d", early, few, late, many)
	}
}

// soak gives the live heap as it is when the last of n iterations has ended and the run
// has not: the emulator and all connections are still there.
func soak(t *testing.T, n int) uint64 {
	t.Helper()
	heap := &heapAtEnd{of: n}
	var stderr bytes.Buffer
	code := cli.Run(t.Context(), t.Context(), cli.Process{
		In: strings.NewReader(""), Out: heap, Err: &stderr, Version: "test", LookupEnv: func(string) (string, bool) { return "", false },
	}, []string{"test", "testdata/soak.hcl", "--json", "--seed", "1", "--parallelism", "8", "--repeat", strconv.Itoa(n)})
	if code != 0 || heap.bytes == 0 {
		t.Fatalf("exit code %d after %d iterations: %s", code, heap.seen, stderr.String())
	}
	return heap.bytes
}

// heapAtEnd takes a stream of results and measures the live heap at the last one. It is
// written to from within the run.
type heapAtEnd struct {
	of, seen int
	bytes    uint64
}

// Write implements io.Writer.
func (h *heapAtEnd) Write(p []byte) (int, error) {
	h.seen += bytes.Count(p, []byte(`"type":"iteration"`))
	if h.seen == h.of && h.bytes == 0 {
		runtime.GC()
		runtime.GC() // what lies in pools goes with the second
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		h.bytes = m.HeapAlloc
	}
	return len(p), nil
}
