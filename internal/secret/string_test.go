package secret_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/secret"
)

const canary = "canary-7f3a"

func TestStringShowsNothing(t *testing.T) {
	t.Parallel()
	s := secret.New(canary)
	type holder struct {
		Public  secret.String
		private secret.String
		Pointer *secret.String
		List    []secret.String
		Map     map[secret.String]secret.String
	}
	h := holder{s, s, &s, []secret.String{s}, map[secret.String]secret.String{s: s}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%10.3s", "%T"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", h)
		fmt.Fprintf(&out, verb+"\n", &h)
	}
	fmt.Fprintln(&out, s, errors.Join(fmt.Errorf("with %v", s)), h.private)
	encoded, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).With("with", s).Info("x", "secret", s, "holder", h, "any", []any{s, &h})
	}
	for _, form := range []string{canary, fmt.Sprintf("%x", canary), fmt.Sprintf("%X", canary), fmt.Sprint([]byte(canary))} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the output holds %s:\n%s", form, out.String())
		}
	}
	if !strings.Contains(out.String(), secret.Mask) {
		t.Error("the output holds no mask")
	}
}

func TestStringKeepsItsValue(t *testing.T) {
	t.Parallel()
	var zero secret.String
	if !zero.Empty() || zero.Reveal() != "" || !zero.Equal("") || zero.Equal("x") {
		t.Error("the zero value is not an empty secret")
	}
	s := secret.New(canary)
	if s.Empty() || s.Reveal() != canary || !s.Equal(canary) || s.Equal(canary+"x") || s.Equal("") {
		t.Error("the secret is not what it was made of")
	}
}
