package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

func rotating(grace time.Duration) func(*policy.Project) {
	return func(p *policy.Project) {
		p.RefreshTokenRotation, p.RefreshTokenReuseInterval = true, policy.Duration(grace)
	}
}

func (b *bench) refresh(refreshJWT string) reply {
	b.t.Helper()
	return b.post(descope.PathRefresh, b.as(refreshJWT), struct{}{})
}

func (b *bench) refreshed(refreshJWT string) descope.AuthResponse {
	b.t.Helper()
	var out descope.AuthResponse
	b.refresh(refreshJWT).into(b.t, &out)
	return out
}

// A replaced refresh JWT ends the session of its family, and only that one.
func TestS51ReuseEndsTheFamily(t *testing.T) {
	t.Parallel()
	b := newBench(t, rotating(0))
	other, auth := b.signUp(alice), b.signUp(alice)
	b.clock.advance(time.Minute)
	next := b.refreshed(auth.RefreshJWT)
	if next.RefreshJWT == "" || next.RefreshJWT == auth.RefreshJWT {
		t.Fatal("rotation gave no fresh refresh JWT")
	}
	b.me(next.RefreshJWT)
	b.refresh(auth.RefreshJWT).refused(t, 401, descope.CodeInvalidArguments)
	for _, jwt := range []string{next.RefreshJWT, auth.RefreshJWT} {
		b.refresh(jwt).refused(t, 401, descope.CodeLoggedOut)
	}
	b.me(other.RefreshJWT)
}

// Reuse is noticed wherever the token is shown, by ancestors of any age.
func TestS51ReuseOfAnAncestor(t *testing.T) {
	t.Parallel()
	b := newBench(t, rotating(0))
	first := b.signUp(alice)
	head := first
	for range 3 {
		head = b.refreshed(head.RefreshJWT)
	}
	b.get(descope.PathMe, b.as(first.RefreshJWT)).refused(t, 401, descope.CodeInvalidArguments)
	b.get(descope.PathMe, b.as(head.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
}

// Inside the grace the answer is the same to the byte, and its end is exact.
func TestS51GraceAnswersTheSame(t *testing.T) {
	t.Parallel()
	b := newBench(t, rotating(10*time.Second))
	auth := b.signUp(alice)
	first := b.refresh(auth.RefreshJWT)
	var head descope.AuthResponse
	first.into(t, &head)
	b.me(auth.RefreshJWT)
	b.clock.advance(10*time.Second - time.Nanosecond)
	if again := b.refresh(auth.RefreshJWT); again.text != first.text {
		t.Errorf("the answer differs:\n%s", cmp.Diff(again.text, first.text))
	}
	later := b.refreshed(head.RefreshJWT) // the family goes on beside the straggler
	b.clock.advance(time.Nanosecond)
	b.me(head.RefreshJWT)
	b.refresh(auth.RefreshJWT).refused(t, 401, descope.CodeInvalidArguments)
	b.refresh(later.RefreshJWT).refused(t, 401, descope.CodeLoggedOut)
}

// However many refreshes meet, there is one successor, and with a grace nobody is
// logged out.
func TestR12RefreshAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, rotating(time.Minute))
	head := b.signUp(alice)
	c := newCrowd(t, b.emulator.Handler())
	for round := range rounds {
		answers := c.round(repeat(lanes, shot{descope.PathRefresh, b.as(head.RefreshJWT), struct{}{}}))
		for _, r := range answers {
			if r.status != http.StatusOK || r.text != answers[0].text {
				t.Fatalf("round %d: %d, two successors:\n%s\n%s", round, r.status, r.text, answers[0].text)
			}
		}
		head = b.refreshed(head.RefreshJWT)
		b.clock.advance(time.Minute)
	}
	b.me(head.RefreshJWT)
}

// Without a grace one of them wins, and the family ends with the first of the others.
func TestR12RefreshAtOnceWithoutGrace(t *testing.T) {
	t.Parallel()
	b := newBench(t, rotating(0))
	c := newCrowd(t, b.emulator.Handler())
	for round := range rounds {
		auth := b.signUp(alice)
		ok, codes := tally(t, c.round(repeat(lanes, shot{descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}})))
		if len(ok) != 1 || codes[descope.CodeInvalidArguments] != 1 || codes[descope.CodeLoggedOut] != lanes-2 {
			t.Fatalf("round %d: %d successes, %v", round, len(ok), codes)
		}
	}
}

func TestInactivity(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) {
		p.EnableInactivity, p.InactivityTime = true, policy.Duration(10*time.Minute)
	})
	auth := b.signUp(alice)
	for range 3 { // use puts the end off
		b.clock.advance(10*time.Minute - time.Nanosecond)
		b.refreshed(auth.RefreshJWT)
		b.clock.advance(10*time.Minute - time.Nanosecond)
		b.me(auth.RefreshJWT)
	}
	b.clock.advance(10 * time.Minute)
	for range 2 {
		b.refresh(auth.RefreshJWT).refused(t, 401, descope.CodeInvalidArguments, "inactive")
	}
	b.me(b.signUp(alice).RefreshJWT)
}

func TestF25StepUpLifetime(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(p *policy.Project) { p.StepUpTokenExpiration = policy.Duration(3 * time.Minute) })
	one := b.signUp(alice)
	auth := b.signIn(b.as(one.RefreshJWT), descope.LoginOptions{StepUp: true})
	c := claims(t, auth.SessionJWT)
	if c["su"] != true || c["exp"].(float64)-c["iat"].(float64) != 180 || float64(auth.SessionExpiration) != c["exp"] {
		t.Errorf("claims %v, sessionExpiration %d: not a step-up for 180 s", c, auth.SessionExpiration)
	}
	next := claims(t, b.refreshed(auth.RefreshJWT).SessionJWT)
	if next["su"] != nil || next["exp"].(float64)-next["iat"].(float64) != 600 {
		t.Errorf("behind a refresh: claims %v, want no step-up for 600 s", next)
	}
	if c := claims(t, one.SessionJWT); c["su"] != nil {
		t.Error("a sign-in steps up")
	}
}

// A replaced token that has expired as well is an expired one: it ends nothing.
func TestExpiredReplacedTokenEndsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, rotating(0))
	first := b.signUp(alice)
	b.clock.advance(time.Hour)
	head := b.refreshed(first.RefreshJWT)
	b.clock.advance(policy.Default().RefreshTokenExpiration.Std() - time.Hour)
	b.refresh(first.RefreshJWT).refused(t, 401, descope.CodeInvalidArguments)
	b.me(head.RefreshJWT)
}
