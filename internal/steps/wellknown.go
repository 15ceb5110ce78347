package steps

import (
	"encoding/json"
	"regexp"
	"sync"
)

// The names under which secrets travel in JSON, and links with a token in the query.
var (
	wellKnown = lazily(`"(?i:token|code|otp|link|password|secret|session_?jwt|refresh_?jwt|external_?token|trusted_?device_?jwt|` +
		`access_?token|refresh_?token|id_?token|management_?key|pending_?ref)"\s*:\s*("(?:[^"\\]|\\.)*)("?)`)
	tokenInQuery = lazily(`[?&]t=([^&#\s"'<>\\]+)`)
)

// lazily compiles a pattern for its first use: most commands have none.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// WellKnownSecrets finds what names give away as secret in a raw body, whether it is
// whole JSON or not: tokens, codes, links and keys.
func WellKnownSecrets(body []byte) []string {
	var out []string
	for _, m := range wellKnown().FindAllSubmatch(body, -1) {
		raw := string(m[1])
		var text string
		if json.Unmarshal([]byte(raw+`"`), &text) != nil {
			text = raw[1:] // cut within an escape
		}
		out = append(out, text)
	}
	for _, m := range tokenInQuery().FindAllSubmatch(body, -1) {
		out = append(out, string(m[1]))
	}
	return out
}
