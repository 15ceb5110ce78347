package policy

import (
	"maps"
	"net/textproto"
	"slices"
	"strings"
	"time"
)

// Connectors are the services that a project hands things to.
type Connectors struct {
	GenericSMSGateway *SMSGateway `json:"generic_sms_gateway,omitempty"` // nil means none
}

// SMSGateway is an address that every arriving SMS is posted to, as the vendor's
// connector of that name posts them. The names are those of its Terraform provider
// where it has one.
type SMSGateway struct {
	PostURL        string            `json:"post_url"`
	Sender         string            `json:"sender,omitempty"`
	Headers        map[string]Secret `json:"headers,omitempty"` // may hold credentials
	HMACSecret     Secret            `json:"hmac_secret,omitzero"`
	Insecure       bool              `json:"insecure,omitempty"`     // takes any certificate
	AllowRemote    bool              `json:"allow_remote,omitempty"` // without it the address must be of this machine
	Authentication Authentication    `json:"authentication,omitzero"`
	ConnectTimeout Duration          `json:"connect_timeout"`
	ReadTimeout    Duration          `json:"read_timeout"` // until the whole answer is there
	MaxInFlight    int               `json:"max_in_flight"`
	MaxQueued      int               `json:"max_queued"` // beyond it a message is not posted
	Attempts       int               `json:"attempts"`   // 1 is no retry
}

// Authentication is what a connector shows to its service. At most one is set.
type Authentication struct {
	BearerToken Secret     `json:"bearer_token,omitzero"`
	Basic       *BasicAuth `json:"basic,omitempty"`
	APIKey      *APIKey    `json:"api_key,omitempty"`
}

// BasicAuth is HTTP's basic authentication.
type BasicAuth struct {
	Username string `json:"username"`
	Password Secret `json:"password"`
}

// APIKey is a header of its own: Key is the name, Token the value.
type APIKey struct {
	Key   string `json:"key"`
	Token Secret `json:"token"`
}

// DefaultSMSGateway is a gateway that lacks its address alone.
func DefaultSMSGateway() SMSGateway {
	return SMSGateway{
		ConnectTimeout: Duration(3 * time.Second), ReadTimeout: Duration(10 * time.Second),
		MaxInFlight: 4, MaxQueued: 1024, Attempts: 1,
	}
}

// Validate reports every fault; nil means that the connectors can be used.
func (c Connectors) Validate() []Problem {
	if c.GenericSMSGateway == nil {
		return nil
	}
	const in = "connectors.generic_sms_gateway."
	var found problems
	g := *c.GenericSMSGateway
	if len(g.PostURL) > 2048 || !validWebAddress(g.PostURL) {
		found.add(in+"post_url", "it is not an absolute http or https URL without user and password")
	}
	if len(g.Sender) > 64 {
		found.add(in+"sender", "it is longer than 64 bytes")
	}
	if len(g.Headers) > 64 {
		found.add(in+"headers", "there are more than 64")
	}
	for _, name := range slices.Sorted(maps.Keys(g.Headers)) {
		if !validHeader(name, g.Headers[name].Reveal()) {
			found.add(in+"headers", "%q is not the name of a header that may be set, or its value can not be sent", name)
		}
	}
	ways := 0
	if !g.Authentication.BearerToken.Empty() {
		ways++
		if !validHeader("X", g.Authentication.BearerToken.Reveal()) {
			found.add(in+"authentication.bearer_token", "it can not be sent in a header")
		}
	}
	if b := g.Authentication.Basic; b != nil {
		ways++
		if b.Username == "" || strings.Contains(b.Username, ":") {
			found.add(in+"authentication.basic.username", "it is empty or holds a colon")
		}
	}
	if k := g.Authentication.APIKey; k != nil {
		ways++
		if !validHeader(k.Key, k.Token.Reveal()) {
			found.add(in+"authentication.api_key.key", "%q is not the name of a header that may be set, or its token can not be sent", k.Key)
		}
	}
	if ways > 1 {
		found.add(in+"authentication", "there may be one of bearer_token, basic and api_key")
	}
	for _, t := range []struct {
		name  string
		value Duration
	}{{"connect_timeout", g.ConnectTimeout}, {"read_timeout", g.ReadTimeout}} {
		if t.value.Std() < time.Millisecond || t.value.Std() > 5*time.Minute {
			found.add(in+t.name, "%s is not between 1ms and 5m0s", t.value)
		}
	}
	for _, n := range []struct {
		name        string
		value, most int
	}{{"max_in_flight", g.MaxInFlight, 256}, {"max_queued", g.MaxQueued, 65_536}, {"attempts", g.Attempts, 10}} {
		if n.value < 1 || n.value > n.most {
			found.add(in+n.name, "%d is not between 1 and %d", n.value, n.most)
		}
	}
	return found
}

// validHeader refuses what a request sets by itself, and what can not stand in one.
func validHeader(name, value string) bool {
	const tchar = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if name == "" || len(name) > 128 || strings.Trim(name, tchar) != "" || len(value) > 8192 {
		return false
	}
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Trailer", "Upgrade", "Te":
		return false
	}
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

func (c Connectors) revealed() Connectors {
	if c.GenericSMSGateway == nil {
		return c
	}
	g := *c.GenericSMSGateway
	if g.Headers != nil {
		open := make(map[string]Secret, len(g.Headers))
		for name, value := range g.Headers {
			open[name] = value.revealed()
		}
		g.Headers = open
	}
	g.HMACSecret = g.HMACSecret.revealed()
	g.Authentication.BearerToken = g.Authentication.BearerToken.revealed()
	if b := g.Authentication.Basic; b != nil {
		open := *b
		open.Password = b.Password.revealed()
		g.Authentication.Basic = &open
	}
	if k := g.Authentication.APIKey; k != nil {
		open := *k
		open.Token = k.Token.revealed()
		g.Authentication.APIKey = &open
	}
	c.GenericSMSGateway = &g
	return c
}
