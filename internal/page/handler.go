package page

import (
	"bytes"
	"net/http"
	"time"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/site"
)

// Handler serves the page at /, its events at /events and its numbers at /api/v1/load.
// It answers only who asks for it by an address, by localhost or by a name of
// [Options]: a site that points a name of its own here gets nothing.
func (p *Page) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.page)
	mux.HandleFunc("GET /events", p.events)
	mux.HandleFunc("GET /api/v1/load", p.api)
	return site.Guard(mux, p.hosts...)
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
