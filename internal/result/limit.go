package result

import "time"

// Limit is a limit of the provider block that requests wait for. The set is closed: it
// is a metric label.
type Limit uint8

// The limits.
const (
	LimitRequests   Limit = iota // requests_per_second
	LimitClass                   // of a class of requests
	LimitIdentifier              // of those for one identifier
	LimitInFlight                // max_requests_in_flight
	LimitRetryAfter              // what the target asked for with a 429
	limits
)

// Limits lists all limits.
func Limits() []Limit {
	return []Limit{LimitRequests, LimitClass, LimitIdentifier, LimitInFlight, LimitRetryAfter}
}

// String gives the word.
func (l Limit) String() string {
	return [limits]string{"requests_per_second", "class", "identifier", "max_requests_in_flight", "retry_after"}[l]
}

// Limited is the time that was spent on each limit.
type Limited [limits]time.Duration

// wire is the form in JSON: milliseconds by word, limits that held up nothing left out.
func (l Limited) wire() map[string]millis {
	out := map[string]millis{}
	for i, d := range l {
		if d > 0 {
			out[Limit(i).String()] = millis(d)
		}
	}
	return out
}

func limitedOf(in map[string]millis) Limited {
	var out Limited
	for i := range out {
		out[i] = time.Duration(in[Limit(i).String()])
	}
	return out
}
