package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/authbench/authbench/internal/emulator/desk"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// AdminVersion is the format_version of every document of the admin API.
const AdminVersion = 1

// Admin is the emulator's own API: projects and all about them that the API of the
// service has no call for. Every call but the health check needs the token as a
// bearer; an empty token admits nobody. At / it has a page for people. It belongs on a listener of its own. It is
// safe for concurrent use. Its routes are in admin_routes.go, and as a document at
// /_ab/openapi.json.
func (e *Emulator) Admin(token secret.String) http.Handler {
	a := admin{emulator: e, token: token}
	mux := http.NewServeMux()
	for _, route := range a.routes() {
		run := route.run
		if !route.open {
			run = a.guard(run)
		}
		mux.HandleFunc(route.verb+" "+route.path, run)
	}
	page := desk.Handler()
	mux.Handle("GET /{$}", page)
	mux.Handle("GET /assets/", page)
	mux.HandleFunc("/", a.guard(func(w http.ResponseWriter, _ *http.Request) {
		adminError(w, http.StatusNotFound, "no such route of the admin API")
	}))
	setCommon := commonHeaders()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setCommon(w.Header())
		if overlong(r) {
			w.Header().Set("Connection", "close")
			adminError(w, http.StatusRequestHeaderFieldsTooLarge, "the address and the headers are larger than 64 KiB")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

type admin struct {
	emulator *Emulator
	token    secret.String
}

func (a admin) guard(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || a.token.Empty() || !a.token.Equal(shown) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			adminError(w, http.StatusUnauthorized, "the admin token is missing or wrong")
			return
		}
		next(w, r)
	}
}

// of is a handler for a route below a project.
func (a admin) of(run func(http.ResponseWriter, *http.Request, *project)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := a.emulator.project(r.PathValue("project"))
		if !ok {
			adminError(w, http.StatusNotFound, "no such project")
			return
		}
		run(w, r, p)
	}
}

// readDocument reads a body into a struct, whose present values are what the body may
// leave out; an empty body leaves out everything. It reports whether it could, and
// has answered if not.
func readDocument(w http.ResponseWriter, r *http.Request, most int64, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		adminError(w, http.StatusRequestEntityTooLarge, "the body is too large")
		return false
	} else if err != nil {
		adminError(w, http.StatusBadRequest, "the body can not be read")
		return false
	}
	if len(bytes.TrimSpace(body)) == 0 {
		return true
	}
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
		adminError(w, http.StatusBadRequest, "body: it is not an object")
		return false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	d.UseNumber() // claims and attributes keep their numbers as they were written
	err = d.Decode(into)
	if err == nil && len(bytes.TrimSpace(body[d.InputOffset():])) > 0 {
		err = errors.New("something stands behind the object")
	}
	if err != nil {
		adminError(w, http.StatusBadRequest, "body: "+bodyFault(err))
		return false
	}
	return true
}

// bodyFault speaks of the document, not of the Go types that it is read into.
func bodyFault(err error) string {
	if mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if mistyped.Field == "" {
			return "it is not an object"
		}
		return mistyped.Field + " has the wrong type, a " + mistyped.Value
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// adminFailure is the document of every answer that is not a success.
type adminFailure struct {
	FormatVersion int    `json:"format_version"`
	Error         string `json:"error"`
}

func adminError(w http.ResponseWriter, status int, text string) {
	answer(w, status, adminFailure{AdminVersion, text})
}

func problemTexts(problems []policy.Problem) string {
	texts := make([]string, 0, len(problems))
	for _, p := range problems {
		texts = append(texts, p.String())
	}
	return strings.Join(texts, "; ")
}
