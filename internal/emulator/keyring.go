package emulator

import (
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// maxGenerations bounds the keys of a project that are published. A token of an older
// key is refused, as the service does.
const maxGenerations = 12

// lazyKey makes a key when it is first asked for it, and gives the same one ever after.
// A project that nobody signs in to costs no key.
type lazyKey func() (*signingKey, error)

// keyring is the keys of a project. It does not change: rotation replaces it whole, so
// that no token is signed with a key that is not published at the same time.
type keyring struct {
	keys     []lazyKey // the newest, which signs, first
	previous []lazyKey // keys of the ring before, for those who look at a stale copy
}

// signs is the key that signs.
func (r *keyring) signs() (*signingKey, error) { return r.keys[0]() }

// find is the published key of an ID, nil if there is none.
func (r *keyring) find(id string) (*signingKey, error) {
	for _, key := range r.keys {
		k, err := key()
		if err != nil || k.public.KeyID == id {
			return k, err
		}
	}
	return nil, nil
}

func (r *keyring) algorithms() ([]jose.SignatureAlgorithm, error) {
	out := make([]jose.SignatureAlgorithm, 0, len(r.keys))
	for _, key := range r.keys {
		k, err := key()
		if err != nil {
			return nil, err
		}
		out = append(out, k.algorithm)
	}
	return out, nil
}

// has tells whether a key is published. A key that was never made signed nothing.
func (r *keyring) has(k *signingKey) bool {
	found, err := r.find(k.public.KeyID)
	return err == nil && found == k
}

// publicSet is what clients read of keys.
func publicSet(keys []lazyKey) (jose.JSONWebKeySet, error) {
	set := jose.JSONWebKeySet{Keys: make([]jose.JSONWebKey, 0, len(keys))}
	for _, key := range keys {
		k, err := key()
		if err != nil {
			return jose.JSONWebKeySet{}, err
		}
		set.Keys = append(set.Keys, k.public)
	}
	return set, nil
}

// rotate lets a new key sign. The earlier ones stay published and their tokens good,
// unless they are revoked: then they are gone, and every token that they signed is
// refused.
func (p *project) rotate(key lazyKey, revoke bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.keys.Load()
	next := &keyring{keys: []lazyKey{key}, previous: before.keys}
	if !revoke {
		next.keys = append(next.keys, before.keys[:min(len(before.keys), maxGenerations-1)]...)
	}
	if revoke || len(before.keys) == maxGenerations {
		// What was remembered of tokens would let them in without a look at their key.
		clear(p.issued)
		for _, s := range p.sessions {
			s.issued = issuedKey{}
		}
	}
	p.keys.Store(next)
}

// RotateKeys gives a project a new key; with revoke the earlier ones are gone. It
// reports whether there is such a project.
func (e *Emulator) RotateKeys(id string, revoke bool) bool {
	e.creating.Lock()
	defer e.creating.Unlock()
	p, ok := e.project(id)
	if !ok {
		return false
	}
	p.generation++
	p.rotate(e.pool.take(p, p.policy().SigningAlg, fmt.Sprintf("%s/%d", p.lineage, p.generation)), revoke)
	return true
}
