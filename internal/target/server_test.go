package target_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/target"
)

const (
	anAdmin = "the-admin-token"
	aSignUp = "POST /v1/auth/otp/signup/email HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer P1\r\nContent-Type: application/json\r\n"
	aBody   = `{"loginId":"anna@example.test"}`
)

// pipes is a listener whose connections hold nothing: what one end writes the other has
// to read. Their deadlines follow the clock of a bubble.
type pipes struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// dial gives the client's end of a connection.
func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.accepted <- theirs
	return ours
}

// inBubble serves the admin API or the API of an emulator with the project P1.
func inBubble(t *testing.T, admin bool, run func(t *testing.T, p *pipes), faults ...policy.Fault) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		em := emulator.New(emulator.Options{Seed: 1})
		defer em.Close()
		settings := policy.Default()
		settings.SigningAlg, settings.Faults = policy.ES256, faults
		if _, err := em.CreateProject("P1", secret.New("K1"), settings); err != nil {
			t.Fatal(err)
		}
		h := em.Handler()
		if admin {
			h = em.Admin(secret.New(anAdmin))
		}
		p := &pipes{accepted: make(chan net.Conn), closed: make(chan struct{})}
		srv, done := target.Server(h), make(chan struct{})
		go func() {
			defer close(done)
			_ = srv.Serve(p)
		}()
		run(t, p)
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
}

func write(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

// drip writes a byte a second until the other end is gone.
func drip(c net.Conn) {
	defer func() { _ = c.Close() }()
	for {
		if _, err := io.WriteString(c, "x"); err != nil {
			return
		}
		<-time.After(time.Second) // of the bubble
	}
}

func TestSlowClientsAreCut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		sent  string
		more  bool // a byte a second follows
		reads bool
		cut   time.Duration
	}{
		"nothing sent":       {"", false, true, 10 * time.Second},
		"header stops":       {"POST / HTTP/1.1\r\nHost:", false, true, 10 * time.Second},
		"header drips":       {"POST / HTTP/1.1\r\nA: ", true, true, 10 * time.Second},
		"body stops":         {aSignUp + "Content-Length: 100\r\n\r\n{", false, true, time.Minute},
		"body drips":         {aSignUp + "Content-Length: 1000\r\n\r\n", true, true, time.Minute},
		"chunk stops":        {aSignUp + "Transfer-Encoding: chunked\r\n\r\n40\r\n{", false, true, time.Minute},
		"unread body stops":  {"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", false, true, time.Minute},
		"answer is not read": {aSignUp + "Content-Length: 31\r\n\r\n" + aBody, false, false, 5 * time.Minute},
		"idle after answer":  {aSignUp + "Content-Length: 31\r\n\r\n" + aBody, false, true, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, false, func(t *testing.T, p *pipes) {
				c, start := p.dial(), time.Now()
				write(t, c, tt.sent)
				var dripping sync.WaitGroup
				defer dripping.Wait()
				if tt.more {
					dripping.Go(func() { drip(c) })
				}
				if tt.reads {
					_, _ = io.Copy(io.Discard, c) // an error is an end as well
				} else {
					// Nothing fits between the two ends of a pipe: the second request is taken
					// by nobody until the first answer is.
					_, _ = io.WriteString(c, tt.sent)
				}
				if got := time.Since(start); got != tt.cut {
					t.Errorf("cut after %s, want %s", got, tt.cut)
				}
				_ = c.Close()
			})
		})
	}
}

// The bounds are those of sending and taking: nobody who waits for a message is cut.
func TestWaitingIsNotSlow(t *testing.T) {
	t.Parallel()
	const credential = "Host: x\r\nAuthorization: Bearer " + anAdmin + "\r\n"
	inBubble(t, true, func(t *testing.T, p *pipes) {
		c := p.dial()
		answers := bufio.NewReader(c)
		get := func(sent string) string {
			write(t, c, sent)
			res, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d %s, %v", sent, res.StatusCode, text, err)
			}
			return string(text)
		}
		for range 10 {
			get("POST /_ab/projects/P1/messages/read HTTP/1.1\r\n" + credential + "Content-Length: 10\r\n\r\n{\"ids\":[]}")
			start := time.Now()
			get("GET /_ab/projects/P1/messages?wait=60s HTTP/1.1\r\n" + credential + "\r\n")
			if got := time.Since(start); got != time.Minute {
				t.Errorf("waited %s", got)
			}
		}
		write(t, c, "GET /_ab/projects/P1/messages/stream HTTP/1.1\r\n"+credential+"\r\n")
		for start := time.Now(); time.Since(start) < time.Hour; {
			if _, err := answers.ReadString('\n'); err != nil {
				t.Fatalf("after %s: %v", time.Since(start), err)
			}
		}
		if err := c.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
}

// The time that a fault takes is not the client's.
func TestFaultsMayTakeLonger(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]policy.Fault{
		"latency": {Name: "a", Phase: policy.PhaseBefore, Action: policy.FaultLatency, Latency: &policy.Latency{
			Distribution: policy.Fixed, Value: policy.Duration(6 * time.Minute),
		}},
		"drip": {Name: "a", Phase: policy.PhaseBefore, Action: policy.FaultDrip, BytesPerSecond: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, false, func(t *testing.T, p *pipes) {
				c, start := p.dial(), time.Now()
				write(t, c, aSignUp+"Content-Length: 31\r\n\r\n"+aBody)
				res, err := http.ReadResponse(bufio.NewReader(c), nil)
				if err != nil {
					t.Fatal(err)
				}
				if text, err := io.ReadAll(res.Body); err != nil || int64(len(text)) != res.ContentLength {
					t.Errorf("%d bytes of %d after %s: %v", len(text), res.ContentLength, time.Since(start), err)
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			}, fault)
		})
	}
}
