package steps

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/authbench/authbench/internal/client"
)

// Provider is a type of service that kinds talk to: `provider "TYPE" {}`.
type Provider struct {
	Type string
	Doc  string
	// Args are the arguments beyond the blocks that every provider has.
	Args []Arg
	// ErrorCodes are the codes of the API that metrics count by name.
	ErrorCodes []string
	// CreatesUser and DeletesUser are the endpoints whose success makes or takes away
	// a user.
	CreatesUser, DeletesUser []string
	// Connect makes what the provider's kinds find in [Env.Conn]. It sends nothing.
	// args are wholly known. c belongs to the caller and outlives the connection.
	Connect func(c client.Client, args Args) (any, error)
	// Address tells where the requests of a connection go, without a slash at the end.
	Address func(conn any) string
	// Probe asks the target whether it answers, and whether it is an emulator. An
	// answer of any status counts as one. Its errors are client errors.
	Probe func(ctx context.Context, conn any) (emulator bool, err error)
}

// Registry is the set of kinds and providers of a program. Build it once; after
// that it is read-only and safe for concurrent use.
type Registry struct {
	kinds     map[string]*Kind
	providers map[string]*Provider
}

// NewRegistry makes a registry of providers and kinds. A repeated name is a mistake
// of the program and panics.
func NewRegistry(providers []*Provider, kinds ...*Kind) *Registry {
	r := &Registry{kinds: map[string]*Kind{}, providers: map[string]*Provider{}}
	for _, p := range providers {
		if r.providers[p.Type] != nil {
			panic(fmt.Sprintf("provider %q registered twice", p.Type))
		}
		r.providers[p.Type] = p
	}
	for _, k := range kinds {
		if r.kinds[k.Name] != nil {
			panic(fmt.Sprintf("kind %q registered twice", k.Name))
		}
		r.kinds[k.Name] = k
	}
	return r
}

// Kind gives the kind of this name, or nil.
func (r *Registry) Kind(name string) *Kind { return r.kinds[name] }

// Provider gives the provider of this type, or nil.
func (r *Registry) Provider(name string) *Provider { return r.providers[name] }

// Kinds lists all kinds by name.
func (r *Registry) Kinds() []*Kind {
	return sorted(r.kinds, func(a, b *Kind) int { return cmp.Compare(a.Name, b.Name) })
}

// Providers lists all providers by type.
func (r *Registry) Providers() []*Provider {
	return sorted(r.providers, func(a, b *Provider) int { return cmp.Compare(a.Type, b.Type) })
}

func sorted[V any](m map[string]V, order func(a, b V) int) []V {
	out := make([]V, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	slices.SortFunc(out, order)
	return out
}
