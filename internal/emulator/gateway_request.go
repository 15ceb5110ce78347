package emulator

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
)

// signatureHeader holds the HMAC-SHA256 of the body as padded base64. The vendor
// names the header and the algorithm; that the digest is of the body as it is sent
// and in base64 is what its guide and the receivers that people publish agree on.
const signatureHeader = "X-Descope-Webhook-S256"

// maxGatewayAnswer bounds what is read of an answer, so that its connection can be
// used again.
const maxGatewayAnswer = 64 << 10

var (
	errQueueFull = errors.New("as many messages wait for the gateway as may")
	errExported  = errors.New("the project was exported before the post was over")
)

// gatewayBody is what the vendor's connector posts.
type gatewayBody struct {
	Recipient string `json:"recipient"`
	Sender    string `json:"sender"`
	Body      string `json:"body"`
	Token     string `json:"token"` // the code, or the token of the link
}

// gatewayRequest is one post; every attempt sends the same.
type gatewayRequest struct {
	header http.Header
	body   []byte
}

func (g *gateway) request(m *message) gatewayRequest {
	body, _ := json.Marshal(gatewayBody{m.Recipient, g.settings.Sender, m.Body, m.token()}) // texts can not fail
	h := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"authbench-emulator"}}
	for name, value := range g.settings.Headers {
		h.Set(name, value.Reveal())
	}
	switch a := g.settings.Authentication; {
	case !a.BearerToken.Empty():
		h.Set("Authorization", "Bearer "+a.BearerToken.Reveal())
	case a.Basic != nil:
		pair := a.Basic.Username + ":" + a.Basic.Password.Reveal()
		h.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
	case a.APIKey != nil:
		h.Set(a.APIKey.Key, a.APIKey.Token.Reveal())
	}
	if key := g.settings.HMACSecret; !key.Empty() {
		mac := hmac.New(sha256.New, []byte(key.Reveal()))
		mac.Write(body)
		h.Set(signatureHeader, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return gatewayRequest{h, body}
}

// token is what the message proves: its code, or the token of its link.
func (m *message) token() string {
	if m.Code != "" {
		return m.Code
	}
	u, err := url.Parse(m.Link)
	if err != nil {
		return ""
	}
	return u.Query().Get("t")
}

// exchange sends a request. An error tells nothing of the address but where it led.
func (g *gateway) exchange(r gatewayRequest) (status int, err error) {
	ctx, cancel := context.WithTimeout(g.ctx, g.settings.ConnectTimeout.Std()+g.settings.ReadTimeout.Std())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.settings.PostURL, bytes.NewReader(r.body))
	if err != nil {
		return 0, errors.New("post_url is not an address")
	}
	req.Header = r.header.Clone()
	res, err := g.client.Do(req)
	if err != nil {
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err // url.Error shows the whole address
		}
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, maxGatewayAnswer))
	return res.StatusCode, errors.Join(err, res.Body.Close())
}

// posting is what came of handing a message to the gateway. It is safe for concurrent
// use.
type posting struct {
	mu       sync.Mutex
	ended    bool
	attempts int
	status   int
	err      error
}

func (p *posting) end(attempts, status int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended, p.attempts, p.status, p.err = true, attempts, status, err
}

// postingDocument is a posting as the admin API shows it.
type postingDocument struct {
	State    string `json:"state"`
	Attempts int    `json:"attempts"`
	Status   int    `json:"status,omitempty"`
	Error    string `json:"error,omitempty"`
}

// MarshalJSON writes the state, "queued", "accepted" or "failed", and how it came to it.
func (p *posting) MarshalJSON() ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := postingDocument{State: "queued", Attempts: p.attempts, Status: p.status}
	switch {
	case !p.ended:
	case p.err == nil && p.status >= 200 && p.status < 300:
		out.State = "accepted"
	default:
		out.State = "failed"
	}
	if p.err != nil {
		out.Error = p.err.Error()
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote, of a project that is imported. What was
// queued is not posted a second time and has failed here: only the other emulator knows
// what came of it.
func (p *posting) UnmarshalJSON(text []byte) error {
	var in postingDocument
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended, p.attempts, p.status, p.err = true, in.Attempts, in.Status, nil
	switch {
	case in.State == "queued":
		p.err = errExported
	case in.Error != "":
		p.err = errors.New(in.Error)
	}
	return nil
}
