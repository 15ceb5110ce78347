package client_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/client"
)

// TestNamesBelowLocalhost are this machine whatever a name server says (RFC 6761): nobody
// is asked, and no machine of another is reached.
func TestNamesBelowLocalhost(t *testing.T) {
	t.Parallel()
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	for _, o := range []client.Options{{}, {DNSTTL: time.Minute}} {
		c := newClient(t, o)
		for _, host := range []string{"localhost", "a.localhost", "A.b.LocalHost", "a.localhost."} {
			url := strings.Replace(s.URL, "127.0.0.1", host, 1)
			resp, err := c.Do(t.Context(), &client.Request{Method: "GET", URL: url})
			if err != nil {
				t.Errorf("%s: %v", host, err)
				continue
			}
			if resp.Phases.Resolve != 0 {
				t.Errorf("%s: a name server was asked", host)
			}
		}
	}
}
