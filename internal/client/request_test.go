package client_test

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/client"
)

// echo answers every request with its own head.
func echo(_ int, c net.Conn) {
	in := bufio.NewReader(c)
	for {
		var head strings.Builder
		for !strings.HasSuffix(head.String(), "\r\n\r\n") {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			head.WriteString(line)
		}
		text := strings.TrimSuffix(head.String(), "\r\n\r\n")
		if strings.Contains(text, "Content-Length: 2") {
			_, _ = in.Discard(2)
		}
		_, _ = io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\n"+text)
		_ = c.Close()
	}
}

func TestRequestOnTheWire(t *testing.T) {
	t.Parallel()
	url := serveConns(t, echo)
	host := strings.TrimPrefix(url, "http://")
	for _, tt := range []struct {
		name, want string
		req        client.Request
		keep       client.KeepAlive
	}{
		{name: "fields as given, in order", req: client.Request{Method: "GET", URL: url + "/a?b", Header: client.Header{{"x-B", "2"}, {"X-A", "1"}, {"x-b", ""}}},
			want: "GET /a?b HTTP/1.1|Host: HOST|User-Agent: authbench|x-B: 2|X-A: 1|x-b: "},
		{name: "body", req: client.Request{Method: "DELETE", URL: url, Body: []byte("hi")},
			want: "DELETE / HTTP/1.1|Host: HOST|User-Agent: authbench|Content-Length: 2"},
		{name: "POST without a body", req: client.Request{Method: "POST", URL: url},
			want: "POST / HTTP/1.1|Host: HOST|User-Agent: authbench|Content-Length: 0"},
		{name: "what frames is ours", req: client.Request{Method: "GET", URL: url, Header: client.Header{
			{"content-length", "7"}, {"Transfer-Encoding", "chunked"}, {"Trailer", "x"}, {"HOST", "other.test"}, {"user-agent", "mine"}, {"connection", "x, close"}}},
			want: "GET / HTTP/1.1|Host: other.test|User-Agent: mine|Connection: close"},
		{name: "none", keep: client.KeepAliveNone, req: client.Request{Method: "GET", URL: url},
			want: "GET / HTTP/1.1|Host: HOST|User-Agent: authbench|Connection: close"},
	} {
		resp, err := newClient(t, client.Options{KeepAlive: tt.keep}).Do(t.Context(), &tt.req)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := strings.ReplaceAll(string(resp.Body), "\r\n", "|")
		if want := strings.ReplaceAll(tt.want, "HOST", host); got != want {
			t.Errorf("%s: sent %q, want %q", tt.name, got, want)
		}
	}
}

func TestRequestThatCanNotBeSent(t *testing.T) {
	t.Parallel()
	url := refused
	for name, req := range map[string]client.Request{
		"method":           {Method: "GET canary"},
		"no method":        {},
		"name":             {Method: "GET", Header: client.Header{{"X canary", ""}}},
		"line in a value":  {Method: "GET", Header: client.Header{{"X", "a\r\ncanary: b"}}},
		"NUL in a value":   {Method: "GET", Header: client.Header{{"X", "\x00canary"}}},
		"host with spaces": {Method: "GET", Header: client.Header{{"Host", "a canary"}}},
	} {
		req.URL = url
		_, err := newClient(t, client.Options{}).Do(t.Context(), &req)
		wantFault(t, name, err, client.FaultRequest)
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: the error quotes the request: %v", name, err)
		}
	}
}
