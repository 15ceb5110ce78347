package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// badserver FAULT serves a project that looks alive: its keys can be read. Every other
// answer is wrong in the way that is asked for. Its address becomes $BAD, and "until bad
// REGEXP" waits for a request: METHOD PATH.
func badServer(ts *testscript.TestScript, neg bool, args []string) {
	faults := map[string]http.HandlerFunc{
		"hang":      hang,
		"truncate":  raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"maskedPhone\":"),
		"oversize":  oversize,
		"html":      func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hello</html>") },
		"types":     func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"maskedPhone":[1,2]}`) },
		"empty":     func(http.ResponseWriter, *http.Request) {},
		"garbage":   raw("this is not HTTP\r\n\r\n"),
		"close":     raw(""),
		"redirect":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"error500":  func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "upstream gone", http.StatusBadGateway) },
		"forbidden": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) },
	}
	if neg || len(args) != 1 || faults[args[0]] == nil {
		ts.Fatalf("usage: badserver FAULT")
	}
	log := newProcess(ts, "bad")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v2/keys/") {
			fmt.Fprint(w, `{"keys":[]}`)
			return
		}
		log.say(r.Method + " " + r.URL.Path)
		faults[args[0]](w, r)
	}))
	ts.Defer(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	ts.Setenv("BAD", srv.URL)
}

// hang answers when the caller has gone. A server sees that only once it has read the
// body.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func oversize(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"maskedPhone":"`)
	for range 64 {
		if _, err := io.WriteString(w, strings.Repeat("x", 64<<10)); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"}`)
}

// raw writes to the connection and closes it.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		_, _ = conn.Write([]byte(text))
		_ = conn.Close()
	}
}
