package emulator

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/descope"
)

// Handler is the API of every project. It is safe for concurrent use.
func (e *Emulator) Handler() http.Handler {
	table := routes()
	setCommon := commonHeaders()
	keys, keysV1 := strings.TrimSuffix(descope.PathKeys, "{project}"), strings.TrimSuffix(descope.PathKeysV1, "{project}")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setCommon(w.Header())
		var document any
		var err error
		if project, ok := strings.CutPrefix(r.URL.Path, keys); ok && !strings.Contains(project, "/") {
			document, err = e.publicKeys(w, r, project)
		} else if project, ok := strings.CutPrefix(r.URL.Path, keysV1); ok && !strings.Contains(project, "/") {
			var set jose.JSONWebKeySet
			set, err = e.publicKeys(w, r, project)
			document = set.Keys
		} else if route, ok := table[r.URL.Path]; ok {
			document, err = e.serve(w, r, route)
		} else {
			err = refuse(descope.NotEmulated, "")
		}
		if err != nil {
			answerError(w, err)
			return
		}
		answer(w, http.StatusOK, document)
	})
}

func (e *Emulator) serve(w http.ResponseWriter, r *http.Request, route endpoint) (any, error) {
	if r.Method != route.verb {
		w.Header().Set("Allow", route.verb)
		return nil, refuse(descope.WrongVerb, "")
	}
	c := &call{request: r, channel: route.channel, names: &e.names}
	if err := e.authorise(c, route.needs); err != nil {
		return nil, c.answered(err)
	}
	var err error
	if c.body, err = readBody(w, r); err != nil {
		return nil, err
	}
	c.inboxStood = c.project.inbox.stands()
	document, err := route.run(c)
	c.setCookies(w.Header())
	w.Header()[descope.InboxHeader] = []string{c.project.id + " " + strconv.FormatUint(c.inboxStood, 10)}
	if err != nil {
		return nil, c.answered(err)
	}
	return document, nil
}

// authorise finds the project of the bearer and checks the rest of it. What a
// bearer holds must be valid even where it is not needed.
func (e *Emulator) authorise(c *call, needs credential) error {
	headers := c.request.Header.Values("Authorization")
	if len(headers) != 1 {
		return refuse(descope.NoBearer, "")
	}
	bearer, err := descope.ParseBearer(headers[0])
	if err != nil {
		return refuse(descope.NoBearer, "")
	}
	p, ok := e.project(bearer.Project)
	if !ok {
		return refuse(descope.UnknownProject, "")
	}
	c.project = p
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
		return c.readSessionJWT(jwt)
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
func (e *Emulator) publicKeys(w http.ResponseWriter, r *http.Request, project string) (jose.JSONWebKeySet, error) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		return jose.JSONWebKeySet{}, refuse(descope.WrongVerb, "")
	}
	p, ok := e.project(project)
	if !ok {
		return jose.JSONWebKeySet{}, refuse(descope.UnknownProject, "")
	}
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{p.keys.public}}, nil
}
