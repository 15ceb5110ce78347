package plan

import "time"

// Limits bound what is sent to a provider. A zero value means no limit. A request waits
// for every limit that applies to it: the provider's, its class's, its identifier's.
type Limits struct {
	Declared            bool
	RequestsPerSecond   float64
	Burst               int
	MaxRequestsInFlight int
	MaxMessages         int
	// On429 is fail, backoff or observe.
	On429 string
	// Classes bound the requests of a class, whoever they are for; at most one each.
	Classes []ClassLimit
	// Identifiers bound the requests of a class that are for the same person, by the
	// step's login ID, phone number or address; at most one each.
	Identifiers []IdentifierLimit
}

// ClassLimit bounds the requests of one class.
type ClassLimit struct {
	// Class is a word of the step kinds, such as "send".
	Class             string
	RequestsPerSecond float64
	// Burst is at least 1.
	Burst int
}

// IdentifierLimit bounds the requests of one class for each identifier: Requests within
// any time of the length Every.
type IdentifierLimit struct {
	Class    string
	Requests int
	Every    time.Duration
}

// AtLeast is how long the rate makes so many requests take. The first of them, as
// many as the burst, go at once.
func (l Limits) AtLeast(requests int) time.Duration {
	rest := requests - max(l.Burst, 1)
	if l.RequestsPerSecond <= 0 || rest <= 0 {
		return 0
	}
	return time.Duration(float64(rest) / l.RequestsPerSecond * float64(time.Second))
}
