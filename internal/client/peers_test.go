package client_test

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

// TestK6DurationLeavesOutConnecting is k6#2692: there the time of a request has neither
// name resolution nor connection nor TLS in it.
func TestK6DurationLeavesOutConnecting(t *testing.T) {
	t.Parallel()
	const slow = 60 * time.Millisecond
	s, trust := serveTLS(t, sayProto, func(s *httptest.Server) {
		s.TLS.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
			<-time.After(slow)
			return nil, nil
		}
	})
	resp, err := newClient(t, client.Options{TLS: trust}).Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	p := resp.Phases
	if sum := p.Resolve + p.Connect + p.TLS + p.Processing + p.Transfer; p.TLS < slow || resp.Duration < sum {
		t.Errorf("it took %v, less than its phases %+v", resp.Duration, p)
	}
}

// TestArtilleryResponseTimeIsFirstByte: there a body that comes slowly costs nothing.
func TestArtilleryResponseTimeIsFirstByte(t *testing.T) {
	t.Parallel()
	const slow = 2 * time.Second // less the time that the reader is not let run
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-time.After(slow)
		_, _ = io.WriteString(w, "the body")
	})
	resp, err := newClient(t, client.Options{}).Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Duration < slow || resp.Phases.Transfer < slow/2 || string(resp.Body) != "the body" {
		t.Errorf("it took %v, %+v", resp.Duration, resp.Phases)
	}
}
