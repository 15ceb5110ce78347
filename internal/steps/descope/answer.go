package descope

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/client"
	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/jsondoc"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// codeLinkNotFound is answered for a link that the service does not hold any more.
const codeLinkNotFound = "E063010"

// answer is a success that is still to be read.
type answer struct {
	header client.Header
	body   []byte
	// spare is memory for what is skimmed, nil for none.
	spare *skimmed
}

// outcome is what was read: results by name, token lifetimes, and texts to hide
// that are no result.
type outcome struct {
	values    steps.Values
	lifetimes result.Lifetimes
	secrets   []string
	// reason of an error beside this outcome; ReasonOther when empty.
	reason result.Reason
}

// judge turns an answer into a reply. read may be nil.
func judge(env *steps.Env, resp *client.Response, read func(answer) (outcome, error)) steps.Reply {
	r := steps.Reply{
		Status: resp.Status, Start: resp.Start, Duration: resp.Duration,
		RequestID: requestID(resp.Header), Header: resp.Header,
	}
	if resp.Status < 200 || resp.Status > 299 {
		refuse(&r, resp)
	} else {
		accept(&r, answer{header: resp.Header, body: resp.Body, spare: spareOf(env)}, read)
	}
	code := ""
	if r.Problem != nil {
		code = r.Problem.Code
	}
	env.Note(code, r.RequestID)
	return r
}

// spareOf gives what the same kind skimmed before, if nobody looks at it any more.
func spareOf(env *steps.Env) *skimmed {
	if env.Spare == nil {
		return nil
	}
	s, _ := env.Spare.Values.(*skimmed)
	return s
}

func accept(r *steps.Reply, a answer, read func(answer) (outcome, error)) {
	if read == nil {
		read = readAnything
	}
	out, err := read(a)
	r.Values, r.TokenLifetimes, r.Secrets = out.values, out.lifetimes, out.secrets
	if err != nil {
		if r.Reason = out.reason; r.Reason == "" {
			r.Reason = result.ReasonOther
		}
		r.Message = fmt.Sprintf("HTTP %d, but %s", r.Status, err)
		return
	}
	r.OK = true
}

// readAnything takes any JSON and reads nothing of it.
func readAnything(a answer) (outcome, error) {
	if _, ok := jsondoc.Valid(a.body); ok {
		return outcome{}, nil
	}
	return outcome{}, decode(a.body, new(any))
}

// refuse reads an answer that is not a success.
func refuse(r *steps.Reply, resp *client.Response) {
	r.RetryAfter = steps.RetryAfter(resp.Header, time.Now())
	var body api.ErrorBody
	err := decode(resp.Body, &body)
	if err == nil && body.ErrorCode != "" {
		message := body.ErrorMessage
		if message == "" {
			message = body.Message
		}
		r.Problem = &steps.APIError{Code: body.ErrorCode, Description: body.ErrorDescription, Message: message}
		r.Reason = reasonOf(resp.Status, body.ErrorCode)
		r.Message = fmt.Sprintf("HTTP %d %s: %s", resp.Status, body.ErrorCode, strings.Join(nonEmpty(body.ErrorDescription, message), ": "))
		return
	}
	if err == nil {
		err = errors.New("its body names no errorCode")
	}
	r.Reason = result.ReasonOther
	if resp.Status == http.StatusTooManyRequests || resp.Status >= 500 {
		r.Reason = reasonOf(resp.Status, "")
	}
	r.Message = fmt.Sprintf("HTTP %d without an error of the API: %s", resp.Status, err)
}

func reasonOf(status int, code string) result.Reason {
	switch {
	case status == http.StatusTooManyRequests:
		return result.ReasonRateLimited
	case strings.HasPrefix(code, "E0611"):
		return result.ReasonCodeRejected
	case code == api.CodeTokenExpired || code == codeLinkNotFound || code == api.CodeLoggedOut:
		return result.ReasonTokenInvalid
	case status >= 500:
		return result.ReasonHTTP5xx
	case status >= 400:
		return result.ReasonHTTP4xx
	}
	return result.ReasonOther
}

// decode reads one JSON value into out. Its errors quote nothing of the body.
func decode(body []byte, out any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return errors.New("its body is empty where JSON belongs")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(out); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			got, _, _ := strings.Cut(wrong.Value, " ")
			if wrong.Field == "" {
				return fmt.Errorf("its body is a JSON %s where an object belongs", got)
			}
			return fmt.Errorf("its field %s is a JSON %s of the wrong type", wrong.Field, got)
		}
		return fmt.Errorf("its body is not JSON (%d bytes)", len(body))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("its body goes on after the JSON value")
	}
	return nil
}

// requestID gives the first identifier that the service or its edge shows.
func requestID(h client.Header) string {
	for _, name := range []string{"X-Request-Id", "X-Descope-Request-Id", "Cf-Ray", "X-Amzn-Requestid"} {
		if id := h.Get(name); id != "" {
			return id
		}
	}
	return ""
}

func nonEmpty(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if t != "" {
			out = append(out, t)
		}
	}
	return out
}
