package page

import (
	"bytes"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/report"
)

// Handler serves the page at /, its events at /events and its numbers at /api/v1/load.
// It answers only who asks for it by an address, by localhost or by a name of
// [Options]: a site that points a name of its own here gets nothing.
func (p *Page) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.page)
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("GET /api/v1/load", p.api)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !p.known(r.Host) {
			http.Error(w, "this page is not served under that name", http.StatusMisdirectedRequest)
			return
		}
		if foreign(r) {
			http.Error(w, "another site may not read this", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// known judges the name that the page was asked for by. Only a name can be made to
// point here by somebody else; an address cannot.
func (p *Page) known(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return true
	}
	return p.hosts[strings.ToLower(host)]
}

// foreign tells requests that a page of another site makes. Following a link to the
// page is not one.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate"
}

func (p *Page) page(w http.ResponseWriter, _ *http.Request) {
	policy, err := report.LivePolicy()
	if err != nil {
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	write, s := report.Live, p.current()
	if s.over {
		write = report.HTML
	}
	if err := write(&b, s.load); err != nil {
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience))
	_, _ = w.Write(b.Bytes()) // whoever has gone needs no answer
}

func (p *Page) api(w http.ResponseWriter, _ *http.Request) {
	var b bytes.Buffer
	if err := report.LoadJSON(&b, p.current().load); err != nil {
		http.Error(w, "the numbers could not be written", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience))
	_, _ = w.Write(b.Bytes())
}
