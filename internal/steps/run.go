package steps

import (
	"context"
	"slices"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/capture"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/result"
)

// Env is what one attempt may use. It is not safe for concurrent use. The zero Env is
// ready; [Env.Reset] makes it ready again.
type Env struct {
	// Conn is what the provider's Connect gave; only its own kinds look inside.
	Conn any
	// User selects the connection that carries the requests, where each user has one.
	User int
	// Control steers the emulator that the provider lives in, for kinds that do.
	Control Control
	// HTTP sends requests for kinds without a provider.
	HTTP client.Client
	// Inbox and Mark are set for kinds with an argument of RoleInbox. HasMark is
	// false when the sending step did not run.
	Inbox     capture.Source
	InboxName string
	Mark      capture.Mark
	HasMark   bool
	// SentAt is when the step named in `after` got its answer, zero without one.
	SentAt time.Time
	// Spare is memory of an answer that nobody looks at any more, nil for none. The first
	// request takes it.
	Spare *Spare

	request   client.Request
	bodies    []byte // those that were written into the block; see Room
	exchanges []result.Exchange
	evidence  []Evidence
}

// Spare is memory for an answer and for what a kind makes of it. The zero Spare is ready.
// Only one attempt at a time may use it, and what was made in it is over when the next
// one begins.
type Spare struct {
	room client.Room
	// Values are those that the kind made of the last answer, if anything is to be made
	// of them again.
	Values Values
}

// Request gives an empty request to fill in and to send with Do. It is the same one each
// time, with the memory of its header.
func (e *Env) Request() *client.Request {
	e.request = client.Request{Header: e.request.Header[:0]}
	return &e.request
}

// bodyBlock is how many bytes of bodies are set aside at once.
const bodyBlock = 1 << 9

// Room gives memory to append a body to of which no more than n bytes are expected. What
// was appended is [Env.Keep]'s to take. Nothing is written over before [Env.Rewind].
func (e *Env) Room(n int) []byte {
	if cap(e.bodies)-len(e.bodies) < n {
		e.bodies = make([]byte, 0, max(n, bodyBlock))
	}
	return e.bodies[len(e.bodies):]
}

// Keep takes what was appended to the last Room, and gives the same bytes.
func (e *Env) Keep(body []byte) []byte {
	if len(body) <= cap(e.bodies)-len(e.bodies) { // else it has moved to memory of its own
		e.bodies = e.bodies[:len(e.bodies)+len(body)]
	}
	return slices.Clip(body)
}

// Rewind is Reset when nobody looks at the bodies any more: they are overwritten too.
func (e *Env) Rewind() {
	e.Reset()
	e.bodies = e.bodies[:0]
}

// Reset forgets everything but its memory. What Exchanges gave is overwritten by the
// next attempt, the bodies are not until Rewind.
func (e *Env) Reset() {
	clear(e.exchanges)
	clear(e.evidence)
	clear(e.request.Header)
	*e = Env{
		exchanges: e.exchanges[:0], evidence: e.evidence[:0], bodies: e.bodies,
		request: client.Request{Header: e.request.Header[:0]},
	}
}

// Evidence is what went over the wire in one exchange, not yet redacted.
type Evidence struct {
	RequestBody, ResponseBody []byte
}

// Do sends req through c and records the exchange, whose evidence keeps the bodies. It
// sets req.User and may set req.Room. Its errors are client errors.
func (e *Env) Do(ctx context.Context, c client.Client, endpoint string, req *client.Request) (*client.Response, error) {
	req.User = e.User
	if e.Spare != nil && len(e.exchanges) == 0 {
		req.Room = &e.Spare.room
	}
	resp, err := c.Do(ctx, req)
	x := result.Exchange{Method: req.Method, URL: req.URL, Endpoint: endpoint}
	ev := Evidence{RequestBody: req.Body}
	if err != nil {
		fail(&x, err)
	} else {
		x.Status = resp.Status
		x.Start, x.Duration, x.Phases = resp.Start, resp.Duration, phases(resp.Phases)
		ev.ResponseBody = resp.Body
	}
	e.exchanges = append(e.exchanges, x)
	e.evidence = append(e.evidence, ev)
	return resp, err
}

// Note adds what the kind learned from the last answer.
func (e *Env) Note(errorCode, requestID string) {
	if n := len(e.exchanges); n > 0 {
		e.exchanges[n-1].ErrorCode, e.exchanges[n-1].RequestID = errorCode, requestID
	}
}

// Exchanges gives what was recorded, with the evidence of each.
func (e *Env) Exchanges() ([]result.Exchange, []Evidence) { return e.exchanges, e.evidence }

// Reply is what an attempt came to.
type Reply struct {
	// OK is a success: 2xx and no error for a request.
	OK bool
	// Unjudged says that there is nothing to judge: the target was not reached, the
	// inbox could not be asked. OK is false and Reason is set.
	Unjudged bool
	// Reason says why OK is false.
	Reason result.Reason
	// Message is one line for people on why OK is false. It may hold secrets.
	Message string
	// Status is 0 when the step made no request or got no answer.
	Status int
	// Problem is the API's error, nil without one.
	Problem *APIError
	// RetryAfter is what the target asked for with a 429, 0 without.
	RetryAfter time.Duration
	RequestID  string
	// Header is that of the answer as it came, credentials included: [PlainHeaders]
	// gives what may be shown.
	Header client.Header
	// Values are the kind's own results by name, nil for none. An absent one is null.
	// Values are not marked: the kind's Results say what is sensitive.
	Values Values
	// Secrets are texts of the answer that must not be shown, beyond sensitive Values.
	Secrets []string
	// Start and Duration are the service time; Duration is 0 for a step that only waits.
	Start    time.Time
	Duration time.Duration
	// Wait is time spent waiting inside the attempt: a pause, a delivery.
	Wait time.Duration
	// Delivery is set by kinds that wait for a message.
	Delivery *result.Delivery
	// TokenFault is the check that a token did not pass, empty when none failed.
	TokenFault result.TokenFault
	// TokenLifetimes are those of the tokens that were received.
	TokenLifetimes result.Lifetimes
}

// Value gives a result of the kind's own, cty.NilVal when it is absent.
func (r *Reply) Value(name string) cty.Value {
	if r.Values == nil {
		return cty.NilVal
	}
	return r.Values.Value(name)
}

// APIError is the error in an answer.
type APIError struct {
	Code, Description, Message string
}

func phases(p client.Phases) result.Phases {
	return result.Phases{Resolve: p.Resolve, Connect: p.Connect, TLS: p.TLS, Processing: p.Processing, Transfer: p.Transfer}
}
