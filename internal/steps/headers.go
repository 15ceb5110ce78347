package steps

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/client"
)

// PlainHeaders gives the headers of an answer as results show them: names in lower
// case, repeated ones joined, cookies and credentials left out.
func PlainHeaders(h client.Header) map[string]string {
	out := make(map[string]string, len(h))
	for _, f := range h {
		name, value := strings.ToLower(f.Name), f.Value
		switch name {
		case "set-cookie", "set-cookie2", "cookie", "authorization", "proxy-authorization":
			continue
		}
		if before, ok := out[name]; ok {
			value = before + ", " + value
		}
		out[name] = value
	}
	return out
}

// maxRetryAfter is the longest Retry-After that is believed.
const maxRetryAfter = 24 * time.Hour

// RetryAfter reads the header of this name, as seconds or as a date. It is 0 when
// it is absent, malformed or further away than a day.
func RetryAfter(h client.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	var d time.Duration
	if n, err := strconv.ParseInt(value, 10, 32); err == nil {
		d = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		d = at.Sub(now)
	}
	if d < 0 || d > maxRetryAfter {
		return 0
	}
	return d
}
