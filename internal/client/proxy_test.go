package client_test

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/authbench/authbench/internal/client"
)

// tunnel joins two connections until both are done.
func tunnel(client, server net.Conn) {
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = io.Copy(server, client); _ = server.(*net.TCPConn).CloseWrite() })
	_, _ = io.Copy(client, server)
	_ = client.Close()
	wg.Wait()
	_ = server.Close()
}

// connectProxy answers CONNECT by connecting to target, whatever it was asked for, and
// tells what it was asked for in seen.
func connectProxy(t *testing.T, target string, seen chan<- string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Method + " " + r.RequestURI + " " + r.Header.Get("Proxy-Authorization")
		if r.Header.Get("Proxy-Authorization") == "" {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		server, err := net.Dial("tcp", target)
		if err != nil {
			t.Error(err)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		raw, ok := conn.(*net.TCPConn)
		if !ok { // TLS to the proxy
			go func() { _, _ = io.Copy(server, conn); _ = server.(*net.TCPConn).CloseWrite() }()
			_, _ = io.Copy(conn, server)
			_, _ = conn.Close(), server.Close()
			return
		}
		tunnel(raw, server)
	}
}

func proxyURL(t *testing.T, scheme, address string, user *url.Userinfo) *url.URL {
	t.Helper()
	return &url.URL{Scheme: scheme, Host: address, User: user}
}

const proxyLogin = "Basic dXNlcjpjYW5hcnk=" // user:canary

func TestProxyIsAskedForAConnection(t *testing.T) {
	t.Parallel()
	target, trust := serveTLS(t, sayProto, func(s *httptest.Server) { s.EnableHTTP2 = true })
	for _, keep := range []client.KeepAlive{client.KeepAliveShared, client.KeepAlivePerUser} {
		seen := make(chan string, 8)
		p := serve(t, connectProxy(t, target.Listener.Addr().String(), seen))
		c := newClient(t, client.Options{TLS: trust, KeepAlive: keep, Proxy: proxyURL(t, "http", p.Listener.Addr().String(), url.UserPassword("user", "canary"))})
		for range 2 {
			resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: "https://target.invalid/canary-path"})
			if err != nil {
				t.Fatal(err)
			}
			if want := map[client.KeepAlive]string{client.KeepAliveShared: "HTTP/2.0", client.KeepAlivePerUser: "HTTP/1.1"}[keep]; !strings.HasPrefix(string(resp.Body), want) {
				t.Errorf("%s: went over %s, want %s", keep, resp.Body, want)
			}
		}
		if got, want := <-seen, "CONNECT target.invalid:443 "+proxyLogin; got != want || len(seen) != 0 {
			t.Errorf("%s: the proxy saw %q and %d more, want %q alone", keep, got, len(seen), want)
		}
		c.Close()
	}
}

func TestProxyThatRefuses(t *testing.T) {
	t.Parallel()
	seen := make(chan string, 8)
	p := serve(t, connectProxy(t, "", seen))
	c := newClient(t, client.Options{Proxy: proxyURL(t, "http", p.Listener.Addr().String(), nil)})
	_, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: "https://target.invalid/canary"})
	wantFault(t, "407", err, client.FaultConnect)
	if !strings.Contains(err.Error(), "407") || strings.Contains(err.Error(), "canary") {
		t.Errorf("error %v", err)
	}
}

func TestProxyOverTLS(t *testing.T) {
	t.Parallel()
	target, _ := serveTLS(t, sayProto, func(*httptest.Server) {})
	seen := make(chan string, 8)
	p, trust := serveTLS(t, connectProxy(t, target.Listener.Addr().String(), seen), func(*httptest.Server) {})
	c := newClient(t, client.Options{TLS: trust, Proxy: proxyURL(t, "https", p.Listener.Addr().String(), url.UserPassword("user", "canary"))})
	for range 2 {
		resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: "https://target.invalid/"})
		if err != nil || !strings.HasPrefix(string(resp.Body), "HTTP/1.1") {
			t.Fatalf("%+v, %v", resp, err)
		}
		rest(t)
	}
	if len(seen) != 1 {
		t.Errorf("%d tunnels, want 1", len(seen))
	}
	c.Close()
}

func TestProxyForwardsPlainRequests(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.RequestURI+" "+r.Host+" "+r.Header.Get("Proxy-Authorization"))
	})
	c := newClient(t, client.Options{Proxy: proxyURL(t, "http", s.Listener.Addr().String(), url.UserPassword("user", "canary"))})
	resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: "http://target.invalid:81?x"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(resp.Body), "http://target.invalid:81/?x target.invalid:81 "+proxyLogin; got != want {
		t.Errorf("the proxy saw %q, want %q", got, want)
	}
}

// socksProxy speaks the server's side of SOCKS 5 and connects to target. What it was
// asked for goes to seen.
func socksProxy(t *testing.T, target string, seen chan<- string) string {
	return strings.TrimPrefix(serveConns(t, func(_ int, c net.Conn) {
		in := bufio.NewReader(c)
		take := func(n int) string {
			b := make([]byte, n)
			_, _ = io.ReadFull(in, b)
			return string(b)
		}
		text := func() string { return take(int(take(1)[0])) }
		hello := take(2)
		methods := take(int(hello[1]))
		_, _ = io.WriteString(c, "\x05"+methods[:1])
		said := ""
		if methods[0] == 2 {
			take(1)
			said = text() + ":" + text() + "@"
			_, _ = io.WriteString(c, "\x01\x00")
		}
		switch head := take(4); head[3] {
		case 1:
			said += net.IP(take(4)).String()
		case 3:
			said += text()
		case 4:
			said += net.IP(take(16)).String()
		}
		said += ":" + strconv.Itoa(int(binary.BigEndian.Uint16([]byte(take(2)))))
		seen <- said
		server, err := net.Dial("tcp", target)
		if err != nil {
			_, _ = io.WriteString(c, "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00")
			_ = c.Close()
			return
		}
		_, _ = io.WriteString(c, "\x05\x00\x00\x03\x04name\x00\x50")
		tunnel(c, server)
	}), "http://")
}

func TestSocksProxy(t *testing.T) {
	t.Parallel()
	target := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RequestURI) })
	for _, tt := range []struct {
		url, want string
		user      *url.Userinfo
	}{
		{"http://target.invalid/x", "target.invalid:80", nil},
		{"http://192.0.2.1:81/x", "192.0.2.1:81", nil},
		{"http://[2001:db8::1]/x", "user:canary@2001:db8::1:80", url.UserPassword("user", "canary")},
	} {
		seen := make(chan string, 8)
		c := newClient(t, client.Options{Proxy: proxyURL(t, "socks5", socksProxy(t, target.Listener.Addr().String(), seen), tt.user)})
		resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: tt.url})
		if err != nil || string(resp.Body) != "/x" {
			t.Fatalf("%s: %+v, %v", tt.url, resp, err)
		}
		if got := <-seen; got != tt.want {
			t.Errorf("%s: the proxy saw %q, want %q", tt.url, got, tt.want)
		}
		c.Close()
	}
	seen := make(chan string, 8)
	c := newClient(t, client.Options{Proxy: proxyURL(t, "socks5", socksProxy(t, strings.TrimPrefix(refused, "http://"), seen), nil)})
	_, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: "http://target.invalid/x"})
	wantFault(t, "refused", err, client.FaultConnect)
	if err != nil && !strings.Contains(err.Error(), "code 5") {
		t.Errorf("error %v does not tell the code", err)
	}
}

// The request for a plain origin is as secret as the proxy's wire.
func TestProxyOverTLSForwardsPlainRequests(t *testing.T) {
	t.Parallel()
	p, trust := serveTLS(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RequestURI) }, func(*httptest.Server) {})
	c := newClient(t, client.Options{TLS: trust, Proxy: proxyURL(t, "https", p.Listener.Addr().String(), nil)})
	for range 2 {
		resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: "http://target.invalid/x"})
		if err != nil || string(resp.Body) != "http://target.invalid/x" {
			t.Fatalf("%+v, %v", resp, err)
		}
	}
	c.Close()
}
