package emulator_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/authbench/authbench/internal/policy"
)

// newTLSReceiver counts what comes over HTTPS, behind a certificate that nobody knows.
func newTLSReceiver(t *testing.T) (s *httptest.Server, came *atomic.Int32) {
	t.Helper()
	came = new(atomic.Int32)
	s = httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.TLS != nil {
			came.Add(1)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of clients that turn away
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, came
}

// Nothing is posted to who can not show a certificate that is trusted, for the name that
// was asked for, unless the policy takes any.
func TestGatewayLooksAtCertificates(t *testing.T) {
	t.Parallel()
	s, came := newTLSReceiver(t)
	strict := newBench(t, gatewayTo(s.URL+"/?key=canary"))
	strict.sendCodes(alice, 1)
	g := strict.posted(alice)[0].Delivery.Gateway
	if g.State != "failed" || g.Status != 0 || !strings.Contains(g.Error, "certificate") || strings.Contains(g.Error, "canary") || came.Load() != 0 {
		t.Errorf("%+v, and %d posts came; want that the certificate is refused", g, came.Load())
	}
	lenient := newBench(t, gatewayTo(s.URL, func(g *policy.SMSGateway) { g.Insecure = true }))
	lenient.sendCodes(alice, 1)
	if g := lenient.posted(alice)[0].Delivery.Gateway; g.State != "accepted" || g.Status != 200 || came.Load() != 1 {
		t.Errorf("insecure: %+v, and %d posts came", g, came.Load())
	}
}

// The gateway trusts whom the machine trusts. As that is read once, it is a child that is
// told of another authority.
func TestGatewayTrustsTheMachine(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skip("SSL_CERT_FILE means nothing here")
	}
	const told = "AUTHBENCH_TEST_GATEWAY"
	if address := os.Getenv(told); address != "" {
		b := newBench(t, gatewayTo(address))
		b.sendCodes(alice, 1)
		if g := b.posted(alice)[0].Delivery.Gateway; g.State != "accepted" {
			t.Errorf("%+v", g)
		}
		return
	}
	s, came := newTLSReceiver(t)
	authority := filepath.Join(t.TempDir(), "authority.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(authority, text, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self, "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), told+"="+s.URL, "SSL_CERT_FILE="+authority)
	if out, err := child.CombinedOutput(); err != nil || came.Load() != 1 {
		t.Errorf("%v, and %d posts came, want 1:\n%s", err, came.Load(), out)
	}
}
