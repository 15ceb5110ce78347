package emulator

import (
	"cmp"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// dripInterval is how often a drip sends.
const dripInterval = 100 * time.Millisecond

// spared lets a fault of the phase strike the request, and reports whether nothing
// but time has come of it. A request whose client leaves meanwhile is not spared.
func (c *call) spared(phase string) bool {
	s := c.project.struck(phase, c.request.Method, c.request.URL.Path)
	if s == nil {
		return true
	}
	c.fault = s.Name
	left := clock.Wait(c.request.Context(), s.latency) != nil
	if !left && s.Action == policy.FaultLatency {
		return true
	}
	c.struck = s
	return false
}

// answerStruck gives the answer that the fault makes of the one that the request
// would get. Before the end of that it calls note once with the status, 0 for no answer, and
// the error code.
func (c *call) answerStruck(w http.ResponseWriter, document any, err error, note func(status int, code string)) {
	s := c.struck
	switch s.Action {
	case policy.FaultHang:
		if s.Latency == nil {
			<-c.request.Context().Done() // the client gives up, or the server ends
		}
		fallthrough
	case policy.FaultReset:
		note(0, "")
		reset(w)
		return
	}
	status, code := http.StatusServiceUnavailable, ""
	var text []byte
	switch {
	case !c.ran || s.Action == policy.FaultStatus:
	case err != nil:
		var body descope.ErrorBody
		status, body = failure(err)
		code = body.ErrorCode
		text, _ = json.Marshal(body) // strings only, can not fail
	default:
		status = http.StatusOK
		text, _ = appendDocument(nil, document) // the handler made it of what JSON can hold
	}
	status = cmp.Or(s.Status, status)
	if text == nil {
		body := faultBody(s, status)
		code = body.ErrorCode
		text, _ = json.Marshal(body)
	}
	if s.Action == policy.FaultGarbage {
		text = garbage(len(text))
	}
	s.send(c.request.Context(), w, status, text, sync.OnceFunc(func() { note(status, code) }))
}

// send calls last before the last byte, or when there will be none.
func (s *strike) send(ctx context.Context, w http.ResponseWriter, status int, text []byte, last func()) {
	defer last()
	h := w.Header()
	if s.Action == policy.FaultStatus {
		h.Del("Set-Cookie") // the tokens are as lost as the body is
	}
	h["Content-Type"] = []string{"application/json"}
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	if s.RetryAfter != "" {
		h["Retry-After"] = []string{s.RetryAfter}
	}
	w.WriteHeader(status)
	switch s.Action {
	case policy.FaultDrip:
		drip(ctx, w, text, s.BytesPerSecond, last)
	case policy.FaultTruncate:
		last()
		// A handler that writes less than it announced has its connection closed.
		_, _ = w.Write(text[:len(text)/2])
	default:
		last()
		_, _ = w.Write(text)
	}
}

// faultBody looks like what the service answers when it fails.
func faultBody(s *strike, status int) descope.ErrorBody {
	code := s.ErrorCode
	if code == "" {
		code = descope.CodeInternal
		if status == http.StatusTooManyRequests {
			code = descope.CodeRateLimitExceeded
		}
	}
	text := "Fault " + strconv.Quote(s.Name)
	return descope.ErrorBody{ErrorCode: code, ErrorDescription: http.StatusText(status), ErrorMessage: text, Message: text}
}

// garbage is a text of a length that no JSON decoder takes.
func garbage(length int) []byte {
	const page = "<html><body>\x00\xff upstream error </body></html>\n"
	return []byte(strings.Repeat(page, length/len(page)+1)[:max(length, 1)])
}

// drip sends as many bytes a second as the fault says, for as long as the client reads. It
// calls last before the last.
func drip(ctx context.Context, w http.ResponseWriter, text []byte, rate int, last func()) {
	control := http.NewResponseController(w)
	step := max(1, rate/int(time.Second/dripInterval))
	for len(text) > 0 {
		n := min(step, len(text))
		if n == len(text) {
			last()
		}
		if renew(control, streamPatience) != nil {
			return
		}
		if _, err := w.Write(text[:n]); err != nil || control.Flush() != nil {
			return
		}
		text = text[n:]
		if clock.Wait(ctx, time.Duration(n)*time.Second/time.Duration(rate)) != nil {
			return
		}
	}
}

// reset ends the connection without an answer. Over TCP the client sees a reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // a stream of HTTP/2 is reset by it
	}
	raw := conn
	if wrapped, ok := conn.(interface{ NetConn() net.Conn }); ok { // TLS
		raw = wrapped.NetConn()
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = raw.Close()
}
