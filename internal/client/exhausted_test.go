//go:build unix

package client_test

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/authbench/authbench/internal/client"
)

// exhausted is set in a process of its own, because descriptors run out for all.
const exhausted = "AUTHBENCH_TEST_EXHAUSTED"

func TestDescriptorsRunOut(t *testing.T) {
	t.Parallel()
	if target := os.Getenv(exhausted); target != "" {
		runOut(t, target)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDescriptorsRunOut$")
	cmd.Env = append(os.Environ(), exhausted+"="+refused)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func runOut(t *testing.T, target string) {
	t.Helper()
	c := newClient(t, client.Options{})
	_, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: target})
	wantExhausted(t, "refused", err, false)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 64, Max: 64}); err != nil {
		t.Skip(err)
	}
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			break
		}
		t.Cleanup(func() { _ = f.Close() })
	}
	_, err = c.Do(t.Context(), &client.Request{Method: "GET", URL: target})
	wantExhausted(t, "no descriptor", err, true)
	_, err = c.Do(t.Context(), &client.Request{Method: "GET", URL: "http://name.invalid"})
	var e *client.Error
	if !errors.As(err, &e) || e.Fault != client.FaultDNS && e.Fault != client.FaultConnect {
		t.Errorf("a name without descriptors: %v", err)
	}
}

// An address that is not of this machine gives the error of ports that ran out.
func TestForeignLocalAddressIsNotExhaustion(t *testing.T) {
	t.Parallel()
	c := newClient(t, client.Options{LocalAddresses: []netip.Addr{netip.MustParseAddr("192.0.2.1")}})
	_, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: refused})
	wantExhausted(t, "foreign address", err, false)
}

func wantExhausted(t *testing.T, name string, err error, want bool) {
	t.Helper()
	var e *client.Error
	if !errors.As(err, &e) || e.Fault != client.FaultConnect || e.Exhausted != want {
		t.Errorf("%s: error %+v, want a connect fault with exhausted %v", name, err, want)
	}
}
