package emulator

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// Handler is the API of every project. It is safe for concurrent use.
func (e *Emulator) Handler() http.Handler {
	table := routes()
	setCommon := commonHeaders()
	keys, keysV1 := strings.TrimSuffix(descope.PathKeys, "{project}"), strings.TrimSuffix(descope.PathKeysV1, "{project}")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setCommon(w.Header())
		c := &call{request: r, names: &e.names, entered: e.age()}
		var document any
		var err error
		if overlong(r) {
			w.Header().Set("Connection", "close")
			err = refuse(descope.Overlong, "")
		} else if project, ok := strings.CutPrefix(r.URL.Path, keys); ok && !strings.Contains(project, "/") {
			document, err = e.publicKeys(w, c, project)
		} else if project, ok := strings.CutPrefix(r.URL.Path, keysV1); ok && !strings.Contains(project, "/") {
			var set jose.JSONWebKeySet
			set, err = e.publicKeys(w, c, project)
			document = set.Keys
		} else if route, ok := table[r.URL.Path]; ok {
			document, err = e.serve(w, c, route)
		} else {
			err = refuse(descope.NotEmulated, "")
		}
		e.conclude(w, c, document, err)
	})
}

// age is how long there has been this emulator.
func (e *Emulator) age() time.Duration { return e.base().Sub(e.made) }

// conclude notes a request and answers it, or lets the fault do so that has struck it. Who
// has an answer, or lost the connection, finds the request in the journal.
func (e *Emulator) conclude(w http.ResponseWriter, c *call, document any, err error) {
	if c.fault != "" {
		// The time that a fault took is not the client's. Without a connection there is
		// nothing to answer either.
		_ = renew(http.NewResponseController(w), streamPatience)
	}
	switch {
	case c.struck != nil:
		c.answerStruck(w, document, err, func(status int, code string) { e.note(c, status, code) })
	case err != nil:
		status, body := failure(err)
		e.note(c, status, body.ErrorCode)
		answerError(w, err)
	default:
		e.note(c, http.StatusOK, "")
		answer(w, http.StatusOK, document)
	}
}

func (e *Emulator) serve(w http.ResponseWriter, c *call, route endpoint) (any, error) {
	r := c.request
	if r.Method != route.verb {
		w.Header().Set("Allow", route.verb)
		return nil, refuse(descope.WrongVerb, "")
	}
	c.channel = route.channel
	bearer, err := e.claim(c)
	if err != nil {
		return nil, e.stranger(r).answered(err)
	}
	faulty := c.project.faults.Load() != nil
	var unread error
	if faulty {
		// A client that goes away is noticed when its body was read. What a fault
		// strikes here is not counted for a limit either.
		if c.body, unread = readBody(w, r); !c.spared(policy.PhaseBefore) {
			return nil, nil
		}
	}
	if err = c.authorise(bearer, route.needs); err == nil && !faulty {
		c.body, err = readBody(w, r)
	}
	if err = cmp.Or(err, unread); err != nil {
		return nil, c.answered(err)
	}
	c.inboxStood = c.project.inbox.stands()
	document, err := route.run(c)
	c.ran = true
	c.setCookies(w.Header())
	var room [96]byte
	c.inboxAt[0] = string(strconv.AppendUint(append(append(room[:0], c.project.id...), ' '), c.inboxStood, 10))
	w.Header()[descope.InboxHeader] = c.inboxAt[:]
	c.spared(policy.PhaseAfterCommit)
	return document, c.answered(err)
}

// claim reads the bearer and finds its project.
func (e *Emulator) claim(c *call) (descope.Bearer, error) {
	headers := c.request.Header.Values("Authorization")
	if len(headers) != 1 {
		return descope.Bearer{}, refuse(descope.NoBearer, "")
	}
	bearer, err := descope.ParseBearer(headers[0])
	if err != nil {
		return bearer, refuse(descope.NoBearer, "")
	}
	p, ok := e.project(bearer.Project)
	if !ok {
		return bearer, refuse(descope.UnknownProject, "")
	}
	c.project = p
	return bearer, nil
}

// authorise admits the request and checks the rest of the bearer. What a bearer holds
// must be valid even where it is not needed.
func (c *call) authorise(bearer descope.Bearer, needs credential) error {
	p := c.project
	if err := c.admit(); err != nil {
		return err
	}

	if needs == management {
		shown := bearer.Key
		if shown == "" {
			shown = bearer.JWT // a key with two dots looks like one
		} else if bearer.JWT != "" {
			return refuse(descope.WrongManagementKey, "")
		}
		if !p.managementKey.Equal(shown) {
			return refuse(descope.WrongManagementKey, "")
		}
		return nil
	}

	jwt := bearer.JWT
	if bearer.Key != "" && !p.authKey.Equal(bearer.Key) {
		if needs == nothing || jwt != "" {
			return refuse(descope.WrongManagementKey, "")
		}
		jwt = bearer.Key // what stands in the place of the JWT is a malformed one
	}
	return c.identify(needs, jwt)
}

// identify reads the JWT of a bearer, which may be empty.
func (c *call) identify(needs credential, jwt string) error {
	if needs == sessionJWT {
		return c.readSessionJWT(cmp.Or(jwt, c.sessionCookie()))
	}
	if jwt == "" {
		return c.refreshCookie(needs)
	}
	token, err := c.project.readRefreshJWT(jwt)
	switch {
	case err == nil:
		c.refresh = &token
	case needs == anyRefreshJWT:
		return nil
	}
	return err
}

// publicKeys answers without a bearer, as the service does.
func (e *Emulator) publicKeys(w http.ResponseWriter, c *call, project string) (jose.JSONWebKeySet, error) {
	if c.request.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		return jose.JSONWebKeySet{}, refuse(descope.WrongVerb, "")
	}
	p, ok := e.project(project)
	if !ok {
		return jose.JSONWebKeySet{}, e.stranger(c.request).answered(refuse(descope.UnknownProject, ""))
	}
	c.project, c.ran = p, true
	c.spared(policy.PhaseJWKS)
	ring := p.keys.Load()
	if c.struck != nil && c.struck.Action == policy.FaultStale {
		c.struck = nil
		return publicSet(ring.previous)
	}
	return publicSet(ring.keys)
}
