package emulator

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// retryPause is the time before the first retry; each further one waits twice as long.
const retryPause = 250 * time.Millisecond

var errNotLoopback = errors.New("the address is not of this machine; allow_remote permits others")

// gateway posts SMS to an address, a bounded number at a time and the rest in a
// bounded queue. It runs no goroutine while it has nothing to post. Its methods are
// safe for concurrent use; the nil gateway takes no message.
type gateway struct {
	settings policy.SMSGateway
	client   *http.Client
	ctx      context.Context // of all posts
	cancel   context.CancelFunc

	mu       sync.Mutex
	queue    []*message
	inFlight int
	closed   bool
	running  sync.WaitGroup
}

func newGateway(g policy.SMSGateway) *gateway {
	ctx, cancel := context.WithCancel(context.Background())
	dialer := &net.Dialer{Timeout: g.ConnectTimeout.Std(), KeepAlive: -1}
	if !g.AllowRemote {
		dialer.ControlContext = loopbackOnly
	}
	return &gateway{
		settings: g, ctx: ctx, cancel: cancel,
		client: &http.Client{
			Transport: &http.Transport{
				DialContext: dialer.DialContext, TLSHandshakeTimeout: g.ConnectTimeout.Std(),
				MaxIdleConns: g.MaxInFlight, MaxIdleConnsPerHost: g.MaxInFlight, MaxConnsPerHost: g.MaxInFlight,
				TLSClientConfig: &tls.Config{InsecureSkipVerify: g.Insecure}, //nolint:gosec // the file asks for it
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// loopbackOnly looks at the address that is dialled, whatever name led to it.
func loopbackOnly(_ context.Context, _, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return errNotLoopback
	}
	return nil
}

// takes reports whether the gateway is one for the message.
func (g *gateway) takes(m *message) bool {
	return g != nil && m.Channel == string(descope.MethodSMS)
}

// post posts a message some time soon, and notes in its posting what came of it.
func (g *gateway) post(m *message) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closed:
		m.Delivery.Gateway.end(0, 0, context.Canceled)
	case g.inFlight < g.settings.MaxInFlight:
		g.inFlight++
		g.running.Go(func() { g.work(m) })
	case len(g.queue) < g.settings.MaxQueued:
		g.queue = append(g.queue, m)
	default:
		m.Delivery.Gateway.end(0, 0, errQueueFull)
	}
}

// work posts a message and then whatever is queued.
func (g *gateway) work(m *message) {
	for ; m != nil; m = g.next() {
		g.try(m)
	}
}

func (g *gateway) next() *message {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.inFlight--
		return nil
	}
	m := g.queue[0]
	g.queue = g.queue[1:]
	return m
}

// try posts a message as often as the settings say. What failed for good is not
// tried again.
func (g *gateway) try(m *message) {
	result := m.Delivery.Gateway
	request := g.request(m)
	pause := retryPause
	for attempt := 1; ; attempt++ {
		status, err := g.exchange(request)
		again := err != nil || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
		if !again || attempt == g.settings.Attempts || g.ctx.Err() != nil {
			result.end(attempt, status, err)
			return
		}
		_ = clock.Wait(g.ctx, pause) // the next attempt sees the end of ctx
		pause *= 2
	}
}

// forget gives up what is queued. What is being posted goes on.
func (g *gateway) forget() {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.queue {
		m.Delivery.Gateway.end(0, 0, context.Canceled)
	}
	g.queue = nil
}

// close ends what is being posted and waits for it.
func (g *gateway) close() {
	if g == nil {
		return
	}
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.cancel()
	g.running.Wait()
	g.client.CloseIdleConnections()
}
