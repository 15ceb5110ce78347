package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"

	"github.com/authbench/authbench/internal/stats"
)

//go:embed assets
var assets embed.FS

// HTML writes a load run as one page that holds all it needs: it loads nothing, and
// shows everything without its script but the values under the pointer.
func HTML(w io.Writer, l *stats.Load) error {
	main, err := fragment("load", newLoadView(l, false))
	if err != nil {
		return err
	}
	return writePage(w, "authbench: "+l.Profile.Name, main, false)
}

// Live writes the page that shows a run while it goes on. It gets every further state
// from /events, as [LiveState] makes them: "state" events, and one "end" event.
func Live(w io.Writer, l *stats.Load) error {
	main, err := fragment("load", newLoadView(l, true))
	if err != nil {
		return err
	}
	return writePage(w, "authbench: "+l.Profile.Name, main, true)
}

// LiveState gives what a live page shows of a run: that it goes on, or that it is over.
func LiveState(l *stats.Load, over bool) ([]byte, error) {
	main, err := fragment("load", newLoadView(l, !over))
	return []byte(main), err
}

// LivePolicy is the Content-Security-Policy of the page that [Live] writes, for its
// header.
func LivePolicy() (string, error) {
	css, js, err := looks()
	if err != nil {
		return "", err
	}
	return policy(css, js, true) + "; frame-ancestors 'none'", nil
}

func writePage(w io.Writer, title string, main template.HTML, live bool) error {
	css, js, err := looks()
	if err != nil {
		return err
	}
	t, err := templates()
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, "page", struct {
		Title, Policy string
		CSS           template.CSS
		JS            template.JS
		Main          template.HTML
		Live          bool
	}{
		title, policy(css, js, live),
		template.CSS(css), template.JS(js), //nolint:gosec // assets of ours
		main, live,
	})
}

func fragment(name string, view any) (template.HTML, error) {
	t, err := templates()
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, view); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil //nolint:gosec // the template has escaped it
}

func templates() (*template.Template, error) { return template.ParseFS(assets, "assets/*.html") }

// looks are the style sheet and the script of every page.
func looks() (css, js string, err error) {
	style, err := assets.ReadFile("assets/page.css")
	if err != nil {
		return "", "", err
	}
	script, err := assets.ReadFile("assets/page.js")
	return string(style), string(script), err
}

// policy allows the one style sheet and the one script that the page holds, and
// nothing from anywhere else.
func policy(css, js string, live bool) string {
	out := "default-src 'none'; style-src " + digest(css) + "; script-src " + digest(js) + "; base-uri 'none'; form-action 'none'"
	if live {
		out += "; connect-src 'self'"
	}
	return out
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
