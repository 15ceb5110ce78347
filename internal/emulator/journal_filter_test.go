package emulator_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

type requestCount struct{ Count, Last, Lost uint64 }

// requests counts those that a query chooses. The journal lists as many.
func (b *bench) requests(query url.Values) requestCount {
	b.t.Helper()
	var counted struct{ Requests requestCount }
	b.ask(http.MethodGet, "/verifications?"+query.Encode()).into(b.t, &counted)
	var listed journalPage
	b.ask(http.MethodGet, "/journal?"+query.Encode()).into(b.t, &listed)
	if got := counted.Requests; uint64(len(listed.Requests)) != got.Count || listed.Last != got.Last {
		b.t.Errorf("%s: %d requests are listed, last %d, and counted: %+v", query.Encode(), len(listed.Requests), listed.Last, got)
	}
	return counted.Requests
}

// Exactly so many requests were such and such.
func TestRequestsAreCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	auth := b.signUp(alice) // two requests
	for range 3 {
		b.verify("wrong")
	}
	b.requestCode(bob)
	b.faulty(policy.Fault{Name: "cut", Match: descope.PathRefresh, Phase: policy.PhaseAfterCommit, Action: policy.FaultReset})
	if _, _, err := b.try(t.Context(), http.MethodPost, descope.PathRefresh, b.as(auth.RefreshJWT), ""); err == nil {
		t.Error("the fault did not strike")
	}
	b.get(descope.PathMe, b.as(auth.RefreshJWT))
	for query, want := range map[string]uint64{
		"since=0": 8, "method=POST": 7, "method=GET": 1, "method=get": 0,
		"path=/v1/auth/magiclink/verify": 4, "path=/v1/auth/magiclink/*": 5, "path=/v1/auth/magiclink": 0, "path=*": 8,
		"status=200": 4, "status=401": 3, "status=0": 1, "error_code=" + descope.CodeTokenExpired: 3, "error_code=": 5,
		"user_id=" + auth.User.UserID: 4, "recipient=" + url.QueryEscape(bob): 1, "recipient=" + bob: 1,
		"channel=sms": 2, "fault=cut": 1, "lane=": 8, "lane=1": 0, "since=5": 3,
		"method=POST&path=/v1/auth/magiclink/verify&status=401&since=3": 2,
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.requests(values); got != (requestCount{want, 8, 0}) {
			t.Errorf("%q: %+v, want %d of 8", query, got, want)
		}
	}
	for _, query := range []string{"since=x", "since=-1", "status=x", "status=-1", "status=4096", "pth=/v1", "error=E1"} {
		for _, path := range []string{"/journal?", "/verifications?"} {
			if r := b.ask(http.MethodGet, path+query); r.status != http.StatusBadRequest {
				t.Errorf("%s%s: %d %s", path, query, r.status, r.text)
			}
		}
	}
	b.reset()
	if got := b.requests(url.Values{"since": {"0"}}); got != (requestCount{0, 8, 0}) {
		t.Errorf("after a reset: %+v", got)
	}
	b.verify("wrong")
	if got := b.requests(url.Values{"status": {"401"}, "since": {"2"}}); got != (requestCount{1, 9, 0}) {
		t.Errorf("behind a reset: %+v", got)
	}
}

// A count tells when it can not be relied on.
func TestRequestsThatAreNotCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Journal = 3 })
	for range 5 {
		b.verify("wrong")
	}
	if got := b.requests(url.Values{"since": {"1"}}); got != (requestCount{3, 5, 1}) {
		t.Errorf("of five requests, three are kept: %+v", got)
	}
	off := newBench(t, func(p *policy.Project) { p.Journal = 0 })
	off.verify("wrong")
	if r := off.ask(http.MethodGet, "/verifications?since=0"); r.status != 200 || r.text != `{"format_version":1,"redeemed":0,"refused":1,`+
		`"verifications":[{"proof":"link","purpose":"","channel":"","redeemed":false,"error_code":"E062504","count":1}]}` {
		t.Errorf("without a journal: %d %s", r.status, r.text)
	}
}
