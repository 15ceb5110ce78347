package policy

import (
	"slices"
	"strings"
	"time"
)

// Limit bounds requests, or messages, in a window of time.
//
// A window opens with the first request and lasts for Window. Whatever comes on
// top of Requests is refused until it ends, and until Backoff has passed since the
// first refusal. Refusals count for nothing: they put no end off.
type Limit struct {
	Name     string   `json:"name"`
	By       string   `json:"by"`       // one of LimitKeys
	Requests int      `json:"requests"` // or messages
	Window   Duration `json:"window"`
	Backoff  Duration `json:"backoff"` // 0 for none
	// Routes are the paths it counts: whole ones, or beginnings with a * at their
	// end. Empty means every path. Except takes some out. A path of two limits
	// counts for both.
	Routes []string `json:"routes"`
	Except []string `json:"except"`
}

// CountsMessages tells a limit on messages from one on requests.
func (l *Limit) CountsMessages() bool { return l.By == ByRecipient || l.By == ByAllRecipients }

// Covers tells whether a path counts for the limit.
func (l *Limit) Covers(path string) bool {
	matches := func(pattern string) bool { return match(pattern, path) }
	return (len(l.Routes) == 0 || slices.ContainsFunc(l.Routes, matches)) && !slices.ContainsFunc(l.Except, matches)
}

func match(pattern, path string) bool {
	if start, open := strings.CutSuffix(pattern, "*"); open {
		return strings.HasPrefix(path, start)
	}
	return pattern == path
}

// LimitsInForce lists the limits that RateLimit and Limits come to.
func (p *Project) LimitsInForce() []Limit {
	switch p.RateLimit {
	case RateLimitDescope:
		return append(descopeLimits(), p.Limits...)
	case RateLimitCustom:
		return p.Limits
	}
	return nil
}

// descopeLimits are those that the vendor publishes: by project for the management
// of users, by address for everything else. A path counts for one of them. Keys are
// public and have none.
func descopeLimits() []Limit {
	const minute, tenSeconds = Duration(time.Minute), Duration(10 * time.Second)
	create := []string{"/v1/mgmt/user/create", "/v1/mgmt/user/create/batch"}
	update := []string{"/v1/mgmt/user/update", "/v1/mgmt/user/search", "/v2/mgmt/user/search"}
	user := []string{"/v1/mgmt/user", "/v1/mgmt/user/*", "/v2/mgmt/user/*"}
	management := []string{"/v1/mgmt/*", "/v2/mgmt/*"}
	return []Limit{
		{Name: "user_create", By: ByProject, Requests: 100, Window: minute, Backoff: minute, Routes: create},
		{Name: "user_update", By: ByProject, Requests: 200, Window: minute, Backoff: minute, Routes: update},
		{Name: "user", By: ByProject, Requests: 500, Window: minute, Backoff: minute, Routes: user, Except: slices.Concat(create, update)},
		{Name: "backend", By: ByIP, Requests: 1000, Window: tenSeconds, Backoff: tenSeconds, Routes: management, Except: user},
		{Name: "api", By: ByIP, Requests: 100, Window: minute, Backoff: minute, Except: management},
	}
}
