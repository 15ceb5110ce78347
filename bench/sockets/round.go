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

// round measures the empty handler and then two calls of the emulator.
func round(ctx context.Context, authbench, self, work string, conns int, over time.Duration) ([]result, error) {
	none, err := pinned.Serve(ctx, self, "-empty")
	if err != nil {
		return nil, err
	}
	defer none.Stop()
	host := strings.TrimPrefix(none.Ready["base_url"], "http://")
	first, err := load(none, host, []byte("GET / HTTP/1.1\r\nHost: "+host+"\r\n\r\n"), conns, over)
	if err != nil {
		return nil, err
	}
	e, err := pinned.Serve(ctx, authbench, "emulate", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--state", filepath.Join(work, "state"))
	if err != nil {
		return nil, err
	}
	defer e.Stop()
	jwt, err := signIn(ctx, e)
	if err != nil {
		return nil, err
	}
	host = strings.TrimPrefix(e.Ready["base_url"], "http://")
	body := `{"loginId":"` + login + `"}`
	bearer := "\r\nHost: " + host + "\r\nAuthorization: Bearer " + e.Ready["project_id"]
	got := []result{first}
	for _, request := range []string{
		"GET /v1/auth/me HTTP/1.1" + bearer + ":" + jwt + "\r\n\r\n",
		fmt.Sprintf("POST /v1/auth/magiclink/signup-in/email HTTP/1.1%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", bearer, len(body), body),
	} {
		r, err := load(e, host, []byte(request), conns, over)
		if err != nil {
			return nil, err
		}
		got = append(got, r)
	}
	return got, nil
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
