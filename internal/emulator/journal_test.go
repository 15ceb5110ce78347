package emulator_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

type journalLine struct {
	Number       uint64
	Method, Path string
	Lane         string
	EnterNS      int64 `json:"enter_ns"`
	ExitNS       int64 `json:"exit_ns"`
	ProjectTime  string
	Status       int
	ErrorCode    string `json:"error_code"`
	Fault        string
	UserID       string `json:"user_id"`
	Channel      string
	Recipient    string
}

type journalPage struct {
	FormatVersion int `json:"format_version"`
	Last, Lost    uint64
	Cleared       uint64
	Requests      []journalLine
}

func (b *bench) journal(since uint64) journalPage {
	b.t.Helper()
	var out journalPage
	b.ask(http.MethodGet, fmt.Sprintf("/journal?since=%d", since)).into(b.t, &out)
	return out
}

func TestJournal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.clock.advance(1) // the emulator is a nanosecond old; only POST is not repeated by the client
	auth := b.signUp(alice)
	b.verify("wrong")
	b.faulty(policy.Fault{Name: "cut", Match: descope.PathRefresh, Phase: policy.PhaseAfterCommit, Action: policy.FaultReset})
	if _, _, err := b.try(t.Context(), http.MethodPost, descope.PathRefresh, b.as(auth.RefreshJWT), ""); err == nil {
		t.Error("the fault did not strike")
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.api.URL+"/v1/unheard/of", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", b.public().Header())
	req.Header.Set("X-Authbench-Lane", "7")
	res, err := b.api.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()

	page := b.journal(0)
	line := func(n uint64, verb, path string, status int) journalLine {
		return journalLine{Number: n, Method: verb, Path: path, EnterNS: 1, ExitNS: 1, Status: status}
	}
	send := line(1, "POST", descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS), 200)
	send.UserID, send.Channel, send.Recipient = auth.User.UserID, "sms", "********0101"
	redeemed := line(2, "POST", descope.PathMagicLinkVerify, 200)
	redeemed.UserID = auth.User.UserID
	refused := line(3, "POST", descope.PathMagicLinkVerify, 401)
	refused.ErrorCode = descope.CodeTokenExpired
	cut := line(4, "POST", descope.PathRefresh, 0)
	cut.Fault, cut.UserID = "cut", auth.User.UserID
	unknown := line(5, "GET", "/v1/unheard/of", 501)
	unknown.ErrorCode, unknown.Lane = descope.CodeNotEmulated, "7"
	want := journalPage{FormatVersion: 1, Last: 5, Requests: []journalLine{send, redeemed, refused, cut, unknown}}
	for i := range page.Requests {
		page.Requests[i].ProjectTime = ""
	}
	if diff := cmp.Diff(page, want); diff != "" {
		t.Errorf("journal (-got +want):\n%s", diff)
	}
	if got := b.journal(4).Requests; len(got) != 1 || got[0].Number != 5 {
		t.Errorf("since 4: %+v", got)
	}
	for _, since := range []uint64{5, 99, math.MaxUint64} {
		if got := b.journal(since); len(got.Requests) != 0 || got.Last != 5 || got.Lost != 0 {
			t.Errorf("since %d: %+v", since, got)
		}
	}
	text := b.ask(http.MethodGet, "/journal").text
	for what, secret := range map[string]string{
		"a refresh JWT": auth.RefreshJWT, "an address": alice, "a management key": b.project.ManagementKey.Reveal(),
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the journal holds %s", what)
		}
	}
	if r := b.ask(http.MethodGet, "/journal?since=x"); r.status != 400 {
		t.Errorf("since=x: %d", r.status)
	}
}

func TestJournalIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.Journal = 3 })
	for range 5 {
		b.verify("wrong")
	}
	got := b.journal(1)
	if got.Last != 5 || got.Lost != 1 || len(got.Requests) != 3 || got.Requests[0].Number != 3 || got.Requests[2].Number != 5 {
		t.Errorf("journal %+v, want requests 3 to 5, one lost", got)
	}
	off := newBench(t, func(p *policy.Project) { p.Journal = 0 })
	off.verify("wrong")
	if got := off.journal(0); got.Last != 0 || len(got.Requests) != 0 {
		t.Errorf("a journal that is off: %+v", got)
	}
}

type verificationLine struct {
	Proof, Purpose, Channel string
	Redeemed                bool
	ErrorCode               string `json:"error_code"`
	Count                   uint64
}

type verificationPage struct {
	FormatVersion     int `json:"format_version"`
	Redeemed, Refused uint64
	Verifications     []verificationLine
}

func (b *bench) verifications(query string) verificationPage {
	b.t.Helper()
	var out verificationPage
	b.ask(http.MethodGet, "/verifications"+query).into(b.t, &out)
	return out
}

// Of many who show one link at once, one gets in, and the emulator can tell.
func TestVerificationCounts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.link(alice)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() { b.verify(token) })
	}
	all.Wait()
	b.sendCode(alice)
	code := b.take(alice).Code
	b.verifyCode(descope.MethodSMS, alice, otherCode(code))
	b.verifyCode(descope.MethodSMS, alice, otherCode(code))
	b.verifyCode(descope.MethodSMS, bob, code)
	var auth descope.AuthResponse
	b.verifyCode(descope.MethodSMS, alice, code).into(t, &auth)

	want := verificationPage{1, 2, 18, []verificationLine{
		{"code", "", "sms", false, descope.CodeWrongOTP, 3},
		{"code", "sign_in", "sms", true, "", 1},
		{"link", "", "", false, descope.CodeTokenExpired, 15},
		{"link", "sign_up_or_in", "sms", true, "", 1},
	}}
	if diff := cmp.Diff(b.verifications(""), want); diff != "" {
		t.Errorf("counts (-got +want):\n%s", diff)
	}
	want = verificationPage{1, 2, 2, []verificationLine{
		{"code", "", "sms", false, descope.CodeWrongOTP, 2},
		{"code", "sign_in", "sms", true, "", 1},
		{"link", "sign_up_or_in", "sms", true, "", 1},
	}}
	if diff := cmp.Diff(b.verifications("?user_id="+auth.User.UserID), want); diff != "" {
		t.Errorf("counts of a user (-got +want):\n%s", diff)
	}
	if r := b.ask(http.MethodGet, "/verifications?user_id=nobody"); r.status != 404 {
		t.Errorf("counts of nobody: %d", r.status)
	}
}

// A click is counted as what it is, and the journal tells whose it was.
func TestEnchantedLinksAreCounted(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.click("x", "").refused(t, 401, "E062504")
	auth := b.mailUser(alicesMail)
	want := verificationPage{1, 1, 1, []verificationLine{
		{"enchanted_link", "", "", false, descope.CodeTokenExpired, 1},
		{"enchanted_link", "sign_up_or_in", "email", true, "", 1},
	}}
	if diff := cmp.Diff(b.verifications(""), want); diff != "" {
		t.Errorf("counts (-got +want):\n%s", diff)
	}
	want = verificationPage{1, 1, 0, want.Verifications[1:]}
	if diff := cmp.Diff(b.verifications("?user_id="+auth.User.UserID), want); diff != "" {
		t.Errorf("counts of the user (-got +want):\n%s", diff)
	}
	for _, line := range b.journal(0).Requests[1:] {
		if line.UserID != auth.User.UserID {
			t.Errorf("%s is not told to be of the user: %+v", line.Path, line)
		}
	}
}
