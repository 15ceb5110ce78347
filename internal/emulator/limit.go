package emulator

import (
	"net"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// maxCounted bounds what a limit counts apart. Beyond it a newcomer is refused: to
// forget one that is counted would give it a fresh window.
const maxCounted = 262_144

// limiter carries out one limit. The project's lock guards it, and all that it
// decides is decided in the step that does what it allows.
type limiter struct {
	policy.Limit
	windows map[string]*window // by whatever is counted apart
}

// window is the count of one address, or of all.
type window struct {
	count    int
	refused  bool
	ends     time.Time // of the window, or of the back-off if that is later
	deadline deadline
}

// limitersOf makes the limiters of a policy, those of requests and those of messages.
func limitersOf(p *policy.Project) (requests, messages []*limiter) {
	for _, l := range p.LimitsInForce() {
		made := newLimiter(l)
		if l.CountsMessages() {
			messages = append(messages, made)
		} else {
			requests = append(requests, made)
		}
	}
	return requests, messages
}

func newLimiter(l policy.Limit) *limiter { return &limiter{Limit: l, windows: map[string]*window{}} }

// full gives the window that leaves no room, or nil. The first refusal of a window
// begins the back-off.
func (l *limiter) full(p *project, now time.Time, key string) *window {
	w := l.windows[key]
	if w == nil || w.count < l.Requests {
		return nil
	}
	if end := now.Add(l.Backoff.Std()); !w.refused && end.After(w.ends) {
		l.end(p, w, key, end)
	}
	w.refused = true
	return w
}

// charge counts one more.
func (l *limiter) charge(p *project, now time.Time, key string) {
	w := l.windows[key]
	if w == nil {
		w = &window{}
		l.windows[key] = w
		l.end(p, w, key, now.Add(l.Window.Std()))
	}
	w.count++
}

func (l *limiter) end(p *project, w *window, key string, at time.Time) {
	w.ends = at
	p.expiry.set(&w.deadline, at, ending(func() { delete(l.windows, key) }))
}

// pass counts something for every limit that covers the path, or for none of them and
// says which refuses it for the longest.
func (p *project) pass(now time.Time, limits []*limiter, path string, key func(by string) string, refused descope.Condition) error {
	var until time.Time
	for _, l := range limits {
		if !l.Covers(path) {
			continue
		}
		if w := l.full(p, now, key(l.By)); w != nil && w.ends.After(until) {
			until = w.ends
		} else if w == nil && len(l.windows) >= maxCounted && l.windows[key(l.By)] == nil {
			return refuse(descope.TooManyCounted, "")
		}
	}
	if !until.IsZero() {
		return &limitedError{refusal: refuse(refused, ""), now: now, until: until, form: p.policy().RetryAfter}
	}
	for _, l := range limits {
		if l.Covers(path) {
			l.charge(p, now, key(l.By))
		}
	}
	return nil
}

// admit refuses a request of a method that is disabled, and one too many, before
// anything else is looked at. A header can not change the address that is counted.
func (c *call) admit() error {
	p, path := c.project, c.request.URL.Path
	if len(p.settings.Load().requestLimits) == 0 {
		return p.offers(path)
	}
	err := p.locked(func(now time.Time) error {
		return p.pass(now, p.settings.Load().requestLimits, path, func(by string) string {
			if by == policy.ByProject {
				return ""
			}
			host, _, err := net.SplitHostPort(c.request.RemoteAddr)
			if err != nil {
				return c.request.RemoteAddr
			}
			return host
		}, descope.RateLimited)
	})
	if err != nil {
		return err
	}
	return p.offers(path)
}

// admitMessage refuses a message that the carrier rejects at the send, and one too many
// to the address. It must be asked in the locked step that sends, before anything
// changes; only what is sent is counted. Nothing is delivered to test users, and nothing
// counted.
func (c *call) admitMessage(now time.Time, test bool, contact string) error {
	p := c.project
	if test {
		return nil
	}
	limits := p.settings.Load().messageLimits
	if err := p.delivery.refuses(c.channel, contact); err != nil || len(limits) == 0 {
		return err
	}
	return p.pass(now, limits, c.request.URL.Path, func(by string) string {
		if by == policy.ByAllRecipients {
			return ""
		}
		return contact
	}, descope.SendLimited)
}

// guesses counts wrong codes by recipient, or is nil when the policy does not.
func guessesOf(p *policy.Project) *limiter {
	if p.OTP.WindowAttempts == 0 {
		return nil
	}
	return newLimiter(policy.Limit{Requests: p.OTP.WindowAttempts, Window: p.OTP.AttemptsWindow})
}

// spent tells whether no more codes are compared for a recipient.
func (p *project) spent(now time.Time, c *code) bool {
	guesses := p.settings.Load().guesses
	return guesses != nil && guesses.full(p, now, c.recipient()) != nil
}

// chargeGuess counts one wrong code for each recipient of the codes it could have hit.
func (p *project) chargeGuess(now time.Time, open []*code) {
	guesses := p.settings.Load().guesses
	if guesses == nil {
		return
	}
	for i, c := range open {
		same := func(o *code) bool { return o.recipient() == c.recipient() }
		if !slices.ContainsFunc(open[:i], same) {
			guesses.charge(p, now, c.recipient())
		}
	}
}
