package client

import (
	"net/http/httptrace"
	"sync"
	"time"
)

// trace collects the moments of one request. Hooks may be called while another
// goroutine reads, because a dial can outlive the request that began it.
type trace struct {
	mu                         sync.Mutex
	dnsStart, dnsDone          time.Time
	connectStart, connectDone  time.Time
	tlsStart, tlsDone          time.Time
	wrote, firstByte           time.Time
	gotConn, reused, handshake bool // handshake: TLS began and did not succeed
}

func (t *trace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:             func(httptrace.DNSStartInfo) { t.first(&t.dnsStart) },
		DNSDone:              func(httptrace.DNSDoneInfo) { t.last(&t.dnsDone) },
		ConnectStart:         func(_, _ string) { t.first(&t.connectStart) },
		ConnectDone:          func(_, _ string, _ error) { t.last(&t.connectDone) },
		GotConn:              t.connected,
		WroteRequest:         func(httptrace.WroteRequestInfo) { t.last(&t.wrote) },
		GotFirstResponseByte: func() { t.last(&t.firstByte) },
	}
}

// first keeps the earliest of several racing attempts, last the latest.
func (t *trace) first(at *time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at.IsZero() {
		*at = time.Now()
	}
}

func (t *trace) last(at *time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	*at = time.Now()
}

func (t *trace) handshakeStart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tlsStart, t.handshake = time.Now(), true
}

func (t *trace) handshakeDone(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tlsDone, t.handshake = time.Now(), err != nil
}

func (t *trace) connected(info httptrace.GotConnInfo) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.gotConn, t.reused, t.handshake = true, info.Reused, false
}

// phases gives the parts that are complete; end is when the answer was read.
func (t *trace) phases(end time.Time) Phases {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := Phases{Processing: between(t.wrote, t.firstByte), Transfer: between(t.firstByte, end)}
	// A kept-alive connection may win over a dial that was begun for this request:
	// that dial is not a part of it.
	if !t.reused {
		p.Resolve = between(t.dnsStart, t.dnsDone)
		p.Connect = between(t.connectStart, t.connectDone)
		p.TLS = between(t.tlsStart, t.tlsDone)
	}
	return p
}

// where tells how far the request came.
func (t *trace) where() (gotConn, handshake bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.gotConn, t.handshake
}

func between(from, to time.Time) time.Duration {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	return max(0, to.Sub(from))
}
