package target

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/authbench/authbench/internal/secret"
)

// A Registration tells other processes of the same user how to reach the admin
// listener of an emulator that runs alone. The file is readable by that user only.
type Registration struct {
	BaseURL  string
	AdminURL string
	Token    secret.String
}

type registrationFile struct {
	FormatVersion int    `json:"format_version"`
	BaseURL       string `json:"base_url"`
	AdminURL      string `json:"admin_url"`
	AdminToken    string `json:"admin_token"`
	PID           int    `json:"pid"`
}

// Register writes r below dir. remove takes the file away again.
func Register(dir string, r Registration) (remove func() error, err error) {
	name, err := registrationName(dir, r.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("register emulator: %w", err)
	}
	text, err := json.Marshal(registrationFile{1, r.BaseURL, r.AdminURL, r.Token.Reveal(), os.Getpid()})
	if err != nil {
		return nil, fmt.Errorf("register emulator: %w", err)
	}
	// A file with other rights may lie there: it is replaced, not written into.
	tmp, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return nil, fmt.Errorf("register emulator: %w", err)
	}
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return nil, fmt.Errorf("register emulator: %w", err)
	}
	return func() error { return os.Remove(name) }, nil
}

// registered finds the registration for a base URL; ok is false when there is none.
func registered(dir, baseURL string) (r Registration, ok bool, err error) {
	name, err := registrationName(dir, baseURL)
	if err != nil {
		return Registration{}, false, nil //nolint:nilerr // an address that can have no registration has none
	}
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Registration{}, false, nil
	}
	if err != nil {
		return Registration{}, false, fmt.Errorf("registration of the emulator: %w", err)
	}
	var f registrationFile
	if err := json.Unmarshal(text, &f); err != nil || f.FormatVersion != 1 {
		return Registration{}, false, fmt.Errorf("registration of the emulator: %s is not of this version", name)
	}
	return Registration{f.BaseURL, f.AdminURL, secret.New(f.AdminToken)}, true, nil
}

func registrationName(dir, baseURL string) (string, error) {
	u, err := url.Parse(baseURL)
	if err != nil || u.Port() == "" || dir == "" {
		return "", fmt.Errorf("register emulator: %q has no port", baseURL)
	}
	host := strings.ReplaceAll(u.Hostname(), ":", "_")
	if host == "localhost" {
		host = "127.0.0.1"
	}
	return filepath.Join(dir, "emulators", host+"-"+u.Port()+".json"), nil
}

// adminOf finds the admin listener of an emulator that runs alone: the options, then
// the registration.
func (o *opener) adminOf(baseURL string) (admin, error) {
	if o.opts.AdminURL != "" {
		return admin{url: strings.TrimRight(o.opts.AdminURL, "/"), token: o.opts.AdminToken}, nil
	}
	r, ok, err := registered(o.opts.StateDir, baseURL)
	if err != nil || !ok {
		return admin{}, err
	}
	token := r.Token
	if !o.opts.AdminToken.Empty() {
		token = o.opts.AdminToken
	}
	return admin{url: r.AdminURL, token: token}, nil
}
