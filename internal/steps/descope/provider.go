// Package descope holds the step kinds that talk to the Descope API: magic links,
// one-time passwords, embedded links, sessions, and users as management sees them.
//
// Each kind is one verb of the API and at most one request. The wire types are
// those of internal/descope; this package turns arguments into them and answers
// into typed results. It keeps no state but the public keys of a project, and it
// judges nothing beyond what makes an answer usable. Start at [Kinds] and
// [Provider]; verb.go shows how a kind is made.
package descope

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/client"
	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// ProviderType is the word in `provider "descope" {}`.
const ProviderType = "descope"

// DefaultBaseURL is the vendor's public service. Projects of a region have their
// own host below it, see [BaseURL].
const DefaultBaseURL = "https://api.descope.com"

// Provider gives the provider of the kinds in this package.
func Provider() *steps.Provider {
	return &steps.Provider{
		Type: ProviderType,
		Doc:  "A project of the Descope service, or of the built-in emulator.",
		Args: []steps.Arg{
			{Name: "base_url", Type: cty.String, Env: []string{"DESCOPE_BASE_URL"}, Default: cty.StringVal(DefaultBaseURL),
				Doc: "Address of the API, or `emulator` for the built-in one."},
			{Name: "project_id", Type: cty.String, Env: []string{"DESCOPE_PROJECT_ID"}, Doc: "The project under test."},
			{Name: "management_key", Type: cty.String, Sensitive: true, Env: []string{"DESCOPE_MANAGEMENT_KEY"},
				Doc: "Key for the management kinds and embedded links. Others do without."},
		},
		ErrorCodes: api.ErrorCodes(), CreatesUser: []string{api.PathUserCreate, api.PathTestUserCreate}, DeletesUser: []string{api.PathUserDelete},
		Connect: func(c client.Client, args steps.Args) (any, error) { return connect(c, args) },
		Address: func(of any) string {
			if c, ok := of.(*conn); ok {
				return c.base
			}
			return ""
		},
		Probe: probe,
	}
}

// conn is one project of one service. It is safe for concurrent use.
type conn struct {
	http    client.Client
	base    string // without a slash at the end
	project string
	nobody  string            // the bearer of requests without a credential
	manager secret.String     // the bearer with the management key
	urls    map[string]string // by endpoint, for those that need no thought
	keys    *keySet
	now     func() time.Time
}

func connect(c client.Client, args steps.Args) (*conn, error) {
	project := args.String("project_id")
	if project == "" {
		return nil, errors.New("project_id is not set; give it in the provider or in DESCOPE_PROJECT_ID")
	}
	if strings.ContainsFunc(project, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(":/?#", r) }) {
		return nil, fmt.Errorf("project_id %q has characters that no project ID has", project)
	}
	base, err := BaseURL(args.String("base_url"), project)
	if err != nil {
		return nil, err
	}
	return &conn{
		http: c, base: base, project: project, nobody: api.Bearer{Project: project}.Header(),
		manager: secret.New(api.Bearer{Project: project, Key: args.String("management_key")}.Header()), urls: urls(base), keys: newKeySet(), now: time.Now,
	}, nil
}

// urls gives the addresses of what the kinds request.
func urls(base string) map[string]string {
	out := map[string]string{}
	for _, k := range Kinds() {
		a := steps.NewArgs(k.Args)
		methods := []string{""}
		for _, arg := range k.Args {
			if arg.Name == methodArgument {
				methods = arg.OneOf
			}
		}
		for _, m := range methods {
			a.Set(methodArgument, eval.Text(m))
			for _, r := range k.Requests(a) {
				out[r.Path] = base + r.Path
			}
		}
	}
	return out
}

func (c *conn) url(endpoint string) string {
	if u, ok := c.urls[endpoint]; ok {
		return u
	}
	return c.base + endpoint
}

// BaseURL gives the address that requests for a project go to, without a slash at
// the end. An empty base, or the vendor's default one, becomes the host of the
// region that a long project ID names; every other address is taken as it is.
func BaseURL(base, project string) (string, error) {
	base = strings.TrimRight(base, "/")
	if base == "" || base == DefaultBaseURL {
		// P, four characters of region, and 27 more.
		if len(project) >= 32 {
			return "https://api." + project[1:5] + ".descope.com", nil
		}
		return DefaultBaseURL, nil
	}
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("base_url is not an address such as https://api.example.com")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("base_url holds credentials, a query or a fragment; give scheme, host and path alone")
	}
	return base, nil
}

// probe asks for the public keys, which every project gives to everybody.
func probe(ctx context.Context, of any) (emulator bool, err error) {
	c, ok := of.(*conn)
	if !ok {
		return false, errors.New("not a connection of this provider")
	}
	resp, err := c.http.Do(ctx, c.keysRequest())
	if err != nil {
		return false, err
	}
	return resp.Header.Get(api.EmulatorHeader) != "", nil
}

// Kinds lists the kinds of this package by family.
func Kinds() []*steps.Kind {
	var all []*steps.Kind
	for _, family := range [][]*steps.Kind{magicLinkKinds(), otpKinds(), embeddedKinds(), sessionKinds(), userKinds(), testUserKinds()} {
		all = append(all, family...)
	}
	for _, k := range all {
		k.Secrets = steps.WellKnownSecrets
	}
	return all
}
