package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/authbench/authbench/bench/pinned"
)

const login = "ab-run-17@example.test"

// pair is what the empty handler and the emulator take for one request.
type pair struct{ empty, emulator result }

// floor is the least that net/http takes for a request.
const floor = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

// round measures the least that the empty handler takes, and calls of the emulator beside
// the same requests to the empty handler.
func round(ctx context.Context, authbench, self, work string, conns int, over time.Duration) (least result, calls []pair, err error) {
	none, err := pinned.Serve(ctx, self, "-empty")
	if err != nil {
		return result{}, nil, err
	}
	defer none.Stop()
	e, err := pinned.Serve(ctx, authbench, "emulate", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--state", filepath.Join(work, "state"))
	if err != nil {
		return result{}, nil, err
	}
	defer e.Stop()
	jwt, err := signIn(ctx, e)
	if err != nil {
		return result{}, nil, err
	}
	if least, err = load(none, floor, conns, over); err != nil {
		return result{}, nil, err
	}
	body := `{"loginId":"` + login + `"}`
	bearer := "\r\nHost: 127.0.0.1:8787\r\nAuthorization: Bearer " + e.Ready["project_id"]
	for _, request := range []string{
		"GET /v1/auth/me HTTP/1.1" + bearer + ":" + jwt + "\r\n\r\n",
		fmt.Sprintf("POST /v1/auth/magiclink/signup-in/email HTTP/1.1%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", bearer, len(body), body),
	} {
		var p pair
		if p.empty, err = load(none, request, conns, over); err != nil {
			return result{}, nil, err
		}
		if p.emulator, err = load(e, request, conns, over); err != nil {
			return result{}, nil, err
		}
		calls = append(calls, p)
	}
	return least, calls, nil
}

// signIn makes a user and gives its refresh JWT.
func signIn(ctx context.Context, e *pinned.Server) (string, error) {
	call := func(method, url, bearer string, body, into any) error {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(text))
		if err != nil {
			return err
		}
		r.Header.Set("Authorization", "Bearer "+bearer)
		r.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		text, err = io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %d, %w", url, resp.StatusCode, err)
		}
		return json.Unmarshal(text, into)
	}
	base, project := e.Ready["base_url"], e.Ready["project_id"]
	if err := call(http.MethodPost, base+"/v1/auth/magiclink/signup-in/email", project, map[string]string{"loginId": login}, &struct{}{}); err != nil {
		return "", err
	}
	var inbox struct{ Messages []struct{ Link string } }
	if err := call(http.MethodGet, e.Ready["admin_url"]+"/_ab/projects/"+project+"/messages", e.Ready["admin_token"], nil, &inbox); err != nil {
		return "", err
	}
	if len(inbox.Messages) != 1 {
		return "", errors.New("the inbox has not one message")
	}
	_, token, _ := strings.Cut(inbox.Messages[0].Link, "t=")
	var auth struct{ RefreshJwt string }
	err := call(http.MethodPost, base+"/v1/auth/magiclink/verify", project, map[string]string{"token": token}, &auth)
	return auth.RefreshJwt, err
}
