package cli_test

import (
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/secret"
)

// setting is one row of the reference of the emulator's settings.
type setting struct {
	blocks   []blockPath // that it stands in, from the outside
	name     string
	kind     string // the column Value
	required bool
}

// blockPath is a block of the reference. member is what its label is in JSON, empty for a
// block that stands once.
type blockPath struct{ kind, member string }

func (s setting) path() string {
	path := ""
	for _, b := range s.blocks {
		path += b.kind + "."
	}
	return path + s.name
}

var (
	headingOf = regexp.MustCompile("^## `([^`]+)`$")
	rowOf     = regexp.MustCompile("^\\| `([a-z_]+)` \\| ([^|]+) \\| ([^|]+) \\|")
	memberOf  = regexp.MustCompile("in JSON the member `([a-z_]+)`")
)

// documentedSettings reads the reference as its reader does.
func documentedSettings(t *testing.T) []setting {
	t.Helper()
	page, err := os.ReadFile("../../docs/reference/emulator.md")
	if err != nil {
		t.Fatal(err)
	}
	members := map[string]string{}
	var out []setting
	for i, section := range strings.Split(string(page), "\n## ") {
		var blocks []blockPath
		if i > 0 {
			heading, _, _ := strings.Cut("## "+section, "\n")
			found := headingOf.FindStringSubmatch(heading)
			if found == nil {
				continue // a section of prose
			}
			if m := memberOf.FindStringSubmatch(strings.Join(strings.Fields(section), " ")); m != nil {
				members[found[1]] = m[1]
			}
			at := ""
			for part := range strings.SplitSeq(found[1], " > ") {
				at = strings.TrimPrefix(at+" > "+part, " > ")
				kind, label, labelled := strings.Cut(part, " ")
				if labelled && members[at] == "" {
					t.Errorf("the reference does not tell what the label %s of %s is in JSON", label, at)
				}
				blocks = append(blocks, blockPath{kind, members[at]})
			}
		}
		for line := range strings.SplitSeq(section, "\n") {
			if row := rowOf.FindStringSubmatch(line); row != nil {
				out = append(out, setting{blocks, row[1], row[2], row[3] == "required"})
			}
		}
	}
	return out
}

// samples are values that a setting takes, none of them its default.
func samples(t *testing.T, s setting) []any {
	t.Helper()
	if texts, ok := map[string][]any{
		"session_token_cookie_domain":             {"example.test"},
		"refresh_token_expiration":                {"504h"},
		"refresh_token_cookie_domain":             {"example.test"},
		"magic_link.redirect_url":                 {"https://app.example.test/x"},
		"enchanted_link.redirect_url":             {"https://app.example.test/x"},
		"limit.routes":                            {[]any{"/v1/*"}},
		"limit.except":                            {[]any{"/v1/auth/*"}},
		"user.phone":                              {"+15555550101"},
		"user.email":                              {"alice@example.test"},
		"answer.status":                           {418},
		"fault.match":                             {"POST /v1/auth/*"},
		"fault.phase":                             {"before"},
		"fault.action":                            {"status"},
		"fault.status":                            {500},
		"otp.digits":                              {8},
		"test_users_static_otp":                   {"123456"},
		"connectors.generic_sms_gateway.post_url": {"http://127.0.0.1:9/sms"},
		"connectors.generic_sms_gateway.headers":  {map[string]any{"X-Account": "a"}},
	}[s.path()]; ok {
		return texts
	}
	switch kind := strings.TrimSuffix(s.kind, ", may be sensitive"); {
	case kind == "bool":
		return []any{true, false}
	case kind == "whole number":
		return []any{3}
	case kind == "number from 0 to 1":
		return []any{0.25, 0}
	case kind == "duration":
		return []any{"4m"}
	case kind == "duration or object":
		return []any{
			"2s", map[string]any{"value": "2s"}, map[string]any{"distribution": "uniform", "min": "1s", "max": "3s"},
			map[string]any{"distribution": "lognormal", "median": "800ms", "sigma": 0.5},
		}
	case kind == "string":
		return []any{"x"}
	case kind == "list of strings":
		return []any{[]any{"a.test", "b.test"}, []any{}}
	case strings.HasPrefix(kind, "`\""):
		var words []any
		for word := range strings.SplitSeq(kind, ", ") {
			words = append(words, strings.Trim(word, "`\""))
		}
		return words
	}
	t.Fatalf("%s is a %s, of which the test has no sample", s.path(), s.kind)
	return nil
}

// companions are what a setting means nothing without.
func companions(s setting, value any) map[string]any {
	out := map[string]any{
		"refresh_token_reuse_interval": map[string]any{"refresh_token_rotation": true},
		"otp.window_attempts":          map[string]any{"otp.attempts_window": "1h"},
		"otp.attempts_window":          map[string]any{"otp.window_attempts": 9},
		"test_users_verifier_regexp":   map[string]any{"test_users_static_otp": "123456"},
		"test_users_static_otp":        map[string]any{"test_users_verifier_regexp": "x"},
		"user.verified_email":          map[string]any{"user.email": "alice@example.test"},
		"fault.bytes_per_second":       map[string]any{"fault.action": "drip"},
		"fault.latency":                map[string]any{"fault.action": "hang"},
	}[s.path()]
	with, _ := out.(map[string]any)
	with = maps.Clone(with)
	if with == nil {
		with = map[string]any{}
	}
	switch {
	case strings.HasPrefix(s.path(), "user."):
		with["user.phone"] = "+15555550101"
	case strings.HasPrefix(s.path(), "limit."), s.path() == "rate_limit" && value == "custom":
		with["rate_limit"] = "custom"
		with["limit.by"], with["limit.requests"], with["limit.window"] = "ip", 5, "1m"
	case strings.HasPrefix(s.path(), "answer."):
		with["answer.message"] = "No."
	}
	return with
}

// The admin API takes every setting of the reference as JSON, by the rule that stands
// there, and makes of it what the emulator block is.
func TestSettingsInBothLanguages(t *testing.T) {
	t.Parallel()
	all := documentedSettings(t)
	byPath := map[string]setting{}
	for _, s := range all {
		byPath[s.path()] = s
	}
	if len(byPath) < 80 {
		t.Fatalf("%d settings are documented", len(byPath))
	}
	e := emulator.New(emulator.Options{Seed: 1})
	t.Cleanup(e.Close)
	admin := httptest.NewServer(e.Admin(secret.New(settingsToken)))
	t.Cleanup(admin.Close)
	for number, s := range all {
		t.Run(s.path(), func(t *testing.T) {
			t.Parallel()
			for i, value := range samples(t, s) {
				root := newTree()
				for _, other := range all {
					if other.required && len(other.blocks) <= len(s.blocks) && slices.Equal(other.blocks, s.blocks[:len(other.blocks)]) {
						root.put(other, samples(t, other)[0])
					}
				}
				for path, with := range companions(s, value) {
					root.put(byPath[path], with)
				}
				root.put(s, value)
				id := fmt.Sprintf("P%d-%d", number, i)
				text := root.hcl(t, "emulator")
				if diff := cmp.Diff(takenAsJSON(t, admin, id, compact(t, map[string]any{"policy": root.json()})), takenAsHCL(t, text)); diff != "" {
					t.Errorf("%s comes to (-JSON +HCL):\n%s", text, diff)
				}
			}
		})
	}
}
