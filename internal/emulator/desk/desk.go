// Package desk is the emulator's page for people: messages on phones, users, requests,
// the clock and faults.
//
// The page is static and holds nothing of any project, so it is served without a token.
// Its script asks the admin API, on the same listener, with the token that it finds in
// the fragment of its address, which browsers send to nobody, or that its reader types.
// The files are in assets; start at assets/app.js.
package desk

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"time"

	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/site"
)

//go:embed assets
var assets embed.FS

// policy lets the page load its own files and ask its own listener, and nothing else.
// Text of messages and users never becomes markup: trusted types make the browser refuse
// every way to do that.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Handler serves the page at / and its files below /assets/, to whoever [site.Guard]
// lets through.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { serve(w, r, "index.html") })
	mux.HandleFunc("GET /assets/{file}", func(w http.ResponseWriter, r *http.Request) { serve(w, r, r.PathValue("file")) })
	return site.Guard(mux)
}

func serve(w http.ResponseWriter, r *http.Request, name string) {
	text, err := fs.ReadFile(assets, "assets/"+name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Type", contentType(name))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}

// contentType does not ask the machine, which may have its own idea of it.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	}
	return "application/octet-stream"
}

// Address is that of the page on an admin listener, with all it needs. It is as secret
// as the token in it.
func Address(listener string, token secret.String, project string) string {
	return listener + "/#" + url.Values{"token": {token.Reveal()}, "project": {project}}.Encode()
}
