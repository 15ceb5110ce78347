package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// listing is what the inbox answers, as far as the proxy looks into it.
type listing struct {
	FormatVersion int               `json:"format_version"`
	Cursor        string            `json:"cursor"`
	Messages      []json.RawMessage `json:"messages"`
}

type entry struct {
	Cursor    string    `json:"cursor"`
	CreatedAt time.Time `json:"created_at"`
}

// holdBack serves the admin API at another address, with each message listed when it is
// so old. It gives the address.
func holdBack(admin string, hold time.Duration) (address string, stop func(), err error) {
	target, err := url.Parse(admin)
	if err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	pass := httputil.NewSingleHostReverseProxy(target)
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/messages"):
			list(w, r, target, hold)
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/messages/read") && takeOnly(r) != nil:
			http.Error(w, "the body can not be read", http.StatusBadRequest)
		default:
			pass.ServeHTTP(w, r)
		}
	})}
	go func() { _ = server.Serve(l) }()
	return "http://" + l.Addr().String(), func() { _ = server.Close() }, nil
}

// takeOnly has a request that takes messages list none.
func takeOnly(r *http.Request) error {
	var in struct {
		IDs []string `json:"ids"`
	}
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&in); err != nil {
		return err
	}
	body, err := json.Marshal(in)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return err
}

// list asks for all that is there and passes on what is old enough, or waits for it.
func list(w http.ResponseWriter, r *http.Request, target *url.URL, hold time.Duration) {
	query := r.URL.Query()
	after := query.Get("after")
	patience, _ := time.ParseDuration(query.Get("wait"))
	until := time.Now().Add(patience)
	for {
		full, err := ask(r, target, after)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		ready := full.Messages[:0]
		cursor := after
		for _, m := range full.Messages {
			var e entry
			if json.Unmarshal(m, &e) != nil || time.Since(e.CreatedAt) < hold {
				break
			}
			ready, cursor = append(ready, m), e.Cursor
		}
		if len(ready) > 0 || time.Now().After(until) {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(listing{FormatVersion: full.FormatVersion, Cursor: cursor, Messages: ready})
			return
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-r.Context().Done():
			return
		}
	}
}

func ask(r *http.Request, target *url.URL, after string) (*listing, error) {
	address := *target
	address.Path, address.RawQuery = r.URL.Path, url.Values{"after": {after}}.Encode()
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", r.Header.Get("Authorization"))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var l listing
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<30)).Decode(&l); err != nil {
		return nil, err
	}
	return &l, nil
}
