package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// AdminVersion is the format_version of every document of the admin API.
const AdminVersion = 1

// maxWait bounds a long poll; a longer wait is cut to it, which a reader sees
// as an empty answer and asks again.
const maxWait = time.Minute

// Admin is the emulator's own API: projects and their messages. Every call but
// the health check needs the token as a bearer; an empty token admits nobody.
// It belongs on a listener of its own. It is safe for concurrent use.
//
//	GET    /_ab/healthz
//	PUT    /_ab/projects/{project}
//	DELETE /_ab/projects/{project}
//	GET    /_ab/projects/{project}/messages?recipient=&after=&wait=&read=
//	POST   /_ab/projects/{project}/messages/read
//	POST   /_ab/projects/{project}/messages/{id}/read
func (e *Emulator) Admin(token secret.String) http.Handler {
	a := admin{emulator: e, token: token}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_ab/healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, struct {
			FormatVersion int    `json:"format_version"`
			Status        string `json:"status"`
		}{AdminVersion, "ok"})
	})
	mux.HandleFunc("PUT /_ab/projects/{project}", a.guard(a.createProject))
	mux.HandleFunc("DELETE /_ab/projects/{project}", a.guard(a.dropProject))
	mux.HandleFunc("GET /_ab/projects/{project}/messages", a.guard(a.messages))
	mux.HandleFunc("POST /_ab/projects/{project}/messages/read", a.guard(a.markAllRead))
	mux.HandleFunc("POST /_ab/projects/{project}/messages/{id}/read", a.guard(a.markRead))
	a.deliveryRoutes(mux)
	mux.HandleFunc("/", a.guard(func(w http.ResponseWriter, _ *http.Request) {
		adminError(w, http.StatusNotFound, "no such route of the admin API")
	}))
	setCommon := commonHeaders()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setCommon(w.Header())
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

// createProject makes a project; one that exists is refused, never changed.
// Settings that the body leaves out have their default.
func (a admin) createProject(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		adminError(w, http.StatusRequestEntityTooLarge, "the body can not be read or is larger than 1 MiB")
		return
	}
	in := struct {
		ManagementKey string         `json:"management_key"`
		Policy        policy.Project `json:"policy"`
	}{Policy: policy.Default()}
	if len(bytes.TrimSpace(body)) > 0 {
		d := json.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			adminError(w, http.StatusBadRequest, "body: "+err.Error())
			return
		}
	}
	made, err := a.emulator.CreateProject(r.PathValue("project"), secret.New(in.ManagementKey), in.Policy)
	switch {
	case errors.Is(err, ErrProjectExists):
		adminError(w, http.StatusConflict, err.Error())
	case err != nil:
		adminError(w, http.StatusBadRequest, err.Error())
	default:
		answer(w, http.StatusCreated, struct {
			FormatVersion     int    `json:"format_version"`
			ProjectID         string `json:"project_id"`
			ManagementKey     string `json:"management_key"`
			AuthManagementKey string `json:"auth_management_key"`
		}{AdminVersion, made.ID, made.ManagementKey.Reveal(), made.AuthManagementKey.Reveal()})
	}
}

func (a admin) dropProject(w http.ResponseWriter, r *http.Request) {
	if !a.emulator.DropProject(r.PathValue("project")) {
		adminError(w, http.StatusNotFound, "no such project")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// messages lists the unread messages after a cursor, and with read=true the
// read ones that are still kept. If there is none it waits for as long as
// asked. The cursor of the answer, also of an empty one, is the next after. An
// answer has at most 2,048 messages and no more than fit into a mebibyte: whoever
// wants all goes on from its cursor until there is none. A cursor older than a
// message that was dropped unread is answered 410.
func (a admin) messages(w http.ResponseWriter, r *http.Request) {
	p, ok := a.emulator.project(r.PathValue("project"))
	if !ok {
		adminError(w, http.StatusNotFound, "no such project")
		return
	}
	query := r.URL.Query()
	if query.Has("state") {
		outbox(w, r, p)
		return
	}
	recipient := contact.Login(plusOf(query.Get("recipient")))
	after, err := p.inbox.cursor(query.Get("after"))
	if err != nil {
		adminError(w, http.StatusBadRequest, "after is not a cursor")
		return
	}
	wait, err := duration(query.Get("wait"))
	if err != nil {
		adminError(w, http.StatusBadRequest, "wait is not a duration such as 30s")
		return
	}
	found, cursor, err := p.inbox.within(r.Context(), min(wait, maxWait), recipient, after, query.Get("read") == "true")
	if err != nil {
		listError(w, err)
		return
	}
	answer(w, http.StatusOK, &messageList{AdminVersion, cursor, found})
}

// plusOf gives a phone its plus back, which a query that does not escape it
// turns into a space.
func plusOf(recipient string) string {
	if rest, ok := strings.CutPrefix(recipient, " "); ok && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return "+" + rest
	}
	return recipient
}

// markRead takes a message as consumed. Doing so twice is an error: a second
// reader must learn that it is not the only one.
func (a admin) markRead(w http.ResponseWriter, r *http.Request) {
	p, ok := a.emulator.project(r.PathValue("project"))
	if !ok {
		adminError(w, http.StatusNotFound, "no such project")
		return
	}
	if taken, _ := p.inbox.markRead(r.PathValue("id")); len(taken) == 0 {
		adminError(w, http.StatusNotFound, "no such unread message")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// maxRead bounds the messages of one call that takes several.
const maxRead = 4096

// markAllRead takes several messages as consumed, those that still are unread. It
// tells which, and where the inbox stands: a call without any is a mark. With after it
// also lists the unread messages after that cursor, as a call for messages does that does
// not wait; listed is the next after.
func (a admin) markAllRead(w http.ResponseWriter, r *http.Request) {
	p, ok := a.emulator.project(r.PathValue("project"))
	if !ok {
		adminError(w, http.StatusNotFound, "no such project")
		return
	}
	var in struct {
		IDs   []string `json:"ids"`
		After *string  `json:"after"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil || len(in.IDs) > maxRead {
		adminError(w, http.StatusBadRequest, "body: it must be an object with at most 4096 ids")
		return
	}
	if in.After != nil {
		markAndList(w, p.inbox, in.IDs, *in.After)
		return
	}
	taken, cursor := p.inbox.markRead(in.IDs...)
	answer(w, http.StatusOK, struct {
		FormatVersion int      `json:"format_version"`
		Cursor        string   `json:"cursor"`
		Read          []string `json:"read"`
	}{AdminVersion, strconv.FormatUint(cursor, 10), taken})
}

func markAndList(w http.ResponseWriter, b *inbox, ids []string, cursor string) {
	after, err := b.cursor(cursor)
	if err != nil {
		adminError(w, http.StatusBadRequest, "after is not a cursor")
		return
	}
	if t, err := b.markAndList(ids, after); err != nil {
		listError(w, err)
	} else {
		answer(w, http.StatusOK, t)
	}
}

func listError(w http.ResponseWriter, err error) {
	status := http.StatusNotFound
	if errors.Is(err, errMessagesLost) {
		status = http.StatusGone
	}
	adminError(w, status, err.Error())
}

func adminError(w http.ResponseWriter, status int, text string) {
	answer(w, status, struct {
		FormatVersion int    `json:"format_version"`
		Error         string `json:"error"`
	}{AdminVersion, text})
}

func duration(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, errors.New("bad duration")
	}
	return d, nil
}
