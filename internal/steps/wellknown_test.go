package steps_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/steps"
)

func TestWellKnownSecrets(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		`{"sessionJwt":"aaa","refreshJwt":123,"externalToken": "b\"b"}`: {"aaa", `b"b`},
		`{"token":"x1","rest":1} trailing`:                              {"x1"},
		`{"loginId":"u","link":"https://a.test/v?n=1&t=tok-9"}`:         {"https://a.test/v?n=1&t=tok-9", "tok-9"},
		`{"token":"cut of`:                       {"cut of"},
		`{"errorCode":"E061102","message":"no"}`: nil,
		`not json at all ?t=abc&x`:               {"abc"},
	} {
		if diff := cmp.Diff(steps.WellKnownSecrets([]byte(body)), want); diff != "" {
			t.Errorf("%s: %s", body, diff)
		}
	}
}
