package descope

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/authbench/authbench/internal/client"
	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/steps"
)

// refetchAfter is how old the keys must be before an unknown key ID makes us ask
// for them again: tokens with made-up IDs must not turn into a flood of requests.
const refetchAfter = time.Second

// keySet holds the public keys of one project. The channel is its lock, so that
// waiting for a fetch ends with the context.
type keySet struct {
	lock    chan struct{}
	byID    map[string]jose.JSONWebKey
	fetched time.Time // zero before the first success
}

func newKeySet() *keySet { return &keySet{lock: make(chan struct{}, 1)} }

// errNoKey says that the project publishes no key of an ID.
var errNoKey = errors.New("the project has no such key")

// keysFault is an answer that holds no keys.
type keysFault struct {
	resp *client.Response
	text string
}

func (e *keysFault) Error() string { return e.text }

// publicKey gives the key of this ID, from memory if it is there. resp is the answer that
// was fetched for it, nil if none was. Errors are errNoKey, a *keysFault, a client
// error or that of ctx.
func (c *conn) publicKey(ctx context.Context, env *steps.Env, id string) (key jose.JSONWebKey, resp *client.Response, err error) {
	s := c.keys
	select {
	case s.lock <- struct{}{}:
		defer func() { <-s.lock }()
	case <-ctx.Done():
		return key, nil, ctx.Err()
	}
	if k, ok := s.byID[id]; ok {
		return k, nil, nil
	}
	if !s.fetched.IsZero() && c.now().Sub(s.fetched) < refetchAfter {
		return key, nil, errNoKey
	}
	resp, err = env.Do(ctx, c.http, api.PathKeys, c.keysRequest())
	if err != nil {
		return key, nil, err
	}
	keys, err := parseKeys(resp)
	if err != nil {
		return key, resp, &keysFault{resp, err.Error()}
	}
	s.byID, s.fetched = keys, c.now()
	if k, ok := keys[id]; ok {
		return k, resp, nil
	}
	return key, resp, errNoKey
}

func (c *conn) keysRequest() *client.Request {
	return &client.Request{
		Method: http.MethodGet, URL: c.base + api.KeysPath(c.project),
		Header: client.Header{{Name: "Authorization", Value: api.Bearer{Project: c.project}.Header()}, {Name: "Accept", Value: "application/json"}},
	}
}

// parseKeys reads the public signing keys of an answer. Keys of unknown types are
// left out: a service may publish more than we understand.
func parseKeys(resp *client.Response) (map[string]jose.JSONWebKey, error) {
	if resp.Status != http.StatusOK {
		return nil, fmt.Errorf("the public keys can not be had: HTTP %d", resp.Status)
	}
	var body struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := decode(resp.Body, &body); err != nil {
		return nil, fmt.Errorf("the answer with the public keys is not usable: %w", err)
	}
	keys := map[string]jose.JSONWebKey{}
	for _, raw := range body.Keys {
		var k jose.JSONWebKey
		if err := k.UnmarshalJSON(raw); err != nil || !k.IsPublic() || !k.Valid() || k.KeyID == "" || k.Use != "" && k.Use != "sig" {
			continue
		}
		keys[k.KeyID] = k
	}
	if len(keys) == 0 {
		return nil, errors.New("the answer with the public keys holds no signing key")
	}
	return keys, nil
}
