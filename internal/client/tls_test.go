package client_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

// serveTLS starts a server whose certificate is for example.com, and gives options that
// trust it.
func serveTLS(t *testing.T, h http.HandlerFunc, tune func(*httptest.Server)) (*httptest.Server, client.TLS) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS10}
	tune(s)
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	return s, client.TLS{CA: ca, ServerName: "example.com"}
}

func sayProto(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, r.Proto+" "+r.RemoteAddr)
}

func TestProtocolOverTLS(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want string
		tune       func(*httptest.Server)
		keep       client.KeepAlive
		conns      int
	}{
		{"the server has HTTP/1.1 only", "HTTP/1.1", func(*httptest.Server) {}, client.KeepAliveShared, 1},
		{"TLS 1.2", "HTTP/1.1", func(s *httptest.Server) { s.TLS.MaxVersion = tls.VersionTLS12 }, client.KeepAliveShared, 1},
		{"the server has both", "HTTP/2.0", func(s *httptest.Server) { s.EnableHTTP2 = true }, client.KeepAliveShared, 1},
		{"a connection each", "HTTP/2.0", func(s *httptest.Server) { s.EnableHTTP2 = true }, client.KeepAliveNone, 4},
		{"users do not share", "HTTP/1.1", func(s *httptest.Server) { s.EnableHTTP2 = true }, client.KeepAlivePerUser, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var conns atomic.Int32
			s, trust := serveTLS(t, sayProto, func(s *httptest.Server) {
				tt.tune(s)
				s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
					if state == http.StateNew {
						conns.Add(1)
					}
				}
			})
			c := newClient(t, client.Options{TLS: trust, KeepAlive: tt.keep})
			for i := range 4 {
				resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: s.URL + "/x", User: i % 2})
				if err != nil {
					t.Fatal(err)
				}
				if got := string(resp.Body[:len(tt.want)]); got != tt.want {
					t.Errorf("request %d went over %s, want %s", i, got, tt.want)
				}
				if i == 0 && (resp.Phases.Connect <= 0 || resp.Phases.TLS <= 0) {
					t.Errorf("phases of a first request: %+v", resp.Phases)
				}
				if reused := i >= tt.conns; (resp.Phases.TLS == 0) != reused {
					t.Errorf("request %d: reused %v, but TLS took %s", i, reused, resp.Phases.TLS)
				}
				rest(t) // a look at the connection finds its session tickets, if any
			}
			if got := int(conns.Load()); got != tt.conns {
				t.Errorf("%d connections, want %d", got, tt.conns)
			}
		})
	}
}

func TestIdleTLSConnectionThatHungUp(t *testing.T) {
	t.Parallel()
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		s, trust := serveTLS(t, sayProto, func(s *httptest.Server) { s.TLS.MaxVersion = version })
		c := newClient(t, client.Options{TLS: trust})
		for range 3 {
			if _, err := c.Do(t.Context(), &client.Request{Method: "POST", URL: s.URL}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			s.CloseClientConnections()
			rest(t)
		}
	}
}

// certificate makes a certificate that signs itself.
func certificate(t *testing.T, name string) (cert, key []byte, parsed *x509.Certificate) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	if parsed, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), parsed
}

func TestClientCertificate(t *testing.T) {
	t.Parallel()
	cert, key, parsed := certificate(t, "tester")
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		s, trust := serveTLS(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.TLS.PeerCertificates[0].Subject.CommonName)
		}, func(s *httptest.Server) {
			s.TLS.ClientCAs = x509.NewCertPool()
			s.TLS.ClientCAs.AddCert(parsed)
			s.TLS.ClientAuth, s.TLS.MaxVersion = tls.RequireAnyClientCert, version
		})
		_, err := newClient(t, client.Options{TLS: trust}).Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
		wantFault(t, name+" without", err, client.FaultTLS)
		trust.Cert, trust.Key = cert, key
		resp, err := newClient(t, client.Options{TLS: trust}).Do(t.Context(), &client.Request{Method: "GET", URL: s.URL})
		if err != nil || string(resp.Body) != "tester" {
			t.Errorf("%s with: %+v, %v", name, resp, err)
		}
	}
}

func TestTLSIsVerified(t *testing.T) {
	t.Parallel()
	s, trust := serveTLS(t, sayProto, func(*httptest.Server) {})
	old, oldTrust := serveTLS(t, sayProto, func(s *httptest.Server) { s.TLS.MaxVersion = tls.VersionTLS11 })
	for name, tt := range map[string]struct {
		url   string
		trust client.TLS
	}{
		"authority not known": {s.URL, client.TLS{ServerName: "example.com"}},
		"another name":        {s.URL, client.TLS{CA: trust.CA, ServerName: "example.net"}},
		"TLS 1.1":             {old.URL, oldTrust},
	} {
		c := newClient(t, client.Options{TLS: tt.trust})
		for range 2 {
			_, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: tt.url})
			wantFault(t, name, err, client.FaultTLS)
		}
	}
}

func TestServerNameIsTold(t *testing.T) {
	t.Parallel()
	var told atomic.Value
	s, trust := serveTLS(t, sayProto, func(s *httptest.Server) {
		s.TLS.GetConfigForClient = func(h *tls.ClientHelloInfo) (*tls.Config, error) { told.Store(h.ServerName); return nil, nil }
	})
	if _, err := newClient(t, client.Options{TLS: trust}).Do(t.Context(), &client.Request{Method: "GET", URL: s.URL}); err != nil {
		t.Fatal(err)
	}
	if got := told.Load(); got != "example.com" {
		t.Errorf("server name %v, want example.com", got)
	}
}

func TestGivingUpOverTLS(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	s, trust := serveTLS(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}, func(*httptest.Server) {})
	t.Cleanup(func() { close(hold) })
	for name, body := range map[string]int{"waiting": 0, "writing": 64 << 20} {
		c := newClient(t, client.Options{TLS: trust})
		for _, wait := range []time.Duration{30 * time.Millisecond, 150 * time.Millisecond} {
			ctx, cancel := context.WithCancel(t.Context())
			timer := time.AfterFunc(wait, cancel)
			_, err := c.Do(ctx, &client.Request{Method: "POST", URL: s.URL, Body: make([]byte, body)})
			timer.Stop()
			cancel()
			wantFault(t, name, err, client.FaultCanceled)
		}
	}
}
