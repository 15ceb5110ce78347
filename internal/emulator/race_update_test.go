package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

var secretNone secret.String

func es256() policy.Project {
	p := policy.Default()
	p.SigningAlg = policy.ES256
	return p
}

func phoneOf(n int) string { return fmt.Sprintf("+1555555%04d", 1000+n) }

// changeTo asks for another number and gives the token that was sent there.
func (b *bench) changeTo(auth descope.AuthResponse, login, phone string, o descope.UpdateOptions) string {
	b.t.Helper()
	if r := b.change(b.as(auth.RefreshJWT), login, phone, o); r.status != 200 {
		b.t.Fatalf("update: %d %s", r.status, r.text)
	}
	return b.take(phone).token(b.t)
}

func verifyShot(b *bench, token string) shot {
	return shot{descope.PathMagicLinkVerify, b.public(), descope.VerifyLinkRequest{Token: token}}
}

// R09: many users prove one number at once and want it as a login ID: with
// failOnConflict one gets it and the others keep what they had.
func TestR09OneNumberForMany(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newCrowd(t, b.emulator.Handler())
	for round := range smallRounds {
		wanted := fmt.Sprintf("+1666555%04d", 1000+round)
		var shots []shot
		for lane := range smallLanes {
			login := phoneOf(round*smallLanes + lane)
			token := b.changeTo(b.signUp(login), login, wanted, descope.UpdateOptions{AddToLoginIDs: true, FailOnConflict: true})
			shots = append(shots, verifyShot(b, token))
		}
		won := one(t, round, c.round(shots), descope.CodeUpdateConflict)
		if !slices.Contains(won.User.LoginIDs, wanted) {
			t.Fatalf("round %d: the winner has %v", round, won.User.LoginIDs)
		}
	}
	if n := len(b.everyUser()); n != smallRounds*smallLanes {
		t.Errorf("%d users, want %d", n, smallRounds*smallLanes)
	}
}

// R10: two changes of one user are proved at once: the user has the number of the last
// one, whole.
func TestR10TwoChangesOfOneUser(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newCrowd(t, b.emulator.Handler())
	for round := range smallRounds {
		login := phoneOf(round)
		auth := b.signUp(login)
		var shots []shot
		numbers := map[string]bool{}
		for lane := range smallLanes {
			number := fmt.Sprintf("+1777%03d%04d", round, 1000+lane)
			numbers[number] = true
			shots = append(shots, verifyShot(b, b.changeTo(auth, login, number, descope.UpdateOptions{})))
		}
		ok, codes := tally(t, c.round(shots))
		if len(ok) != smallLanes {
			t.Fatalf("round %d: %d successes and %v", round, len(ok), codes)
		}
		me := b.me(auth.RefreshJWT)
		said := 0
		for _, a := range ok {
			if !numbers[a.User.Phone] || !a.User.VerifiedPhone {
				t.Fatalf("round %d: an answer tells of %s", round, a.User.Phone)
			}
			if a.User.Phone == me.Phone {
				said++
			}
		}
		if said != 1 || !me.VerifiedPhone || !slices.Equal(me.LoginIDs, []string{login}) {
			t.Fatalf("round %d: %s is told by %d answers, verified %v, login IDs %v", round, me.Phone, said, me.VerifiedPhone, me.LoginIDs)
		}
	}
}

// R11: a merge, sign-ins of the one who is merged away, and refreshes of the one who
// stays, at once: one user is left, and nobody has a session of the other.
func TestR11MergeAmongSignIns(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c := newCrowd(t, b.emulator.Handler())
	for round := range smallRounds {
		stays, goes := phoneOf(2*round), phoneOf(2*round+1)
		mine := b.signUp(stays)
		gone := b.signUp(goes)
		shots := []shot{verifyShot(b, b.changeTo(mine, stays, goes, descope.UpdateOptions{AddToLoginIDs: true}))}
		for len(shots) < smallLanes {
			b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(goes)})
			shots = append(shots, verifyShot(b, b.take(goes).token(t)), shot{descope.PathRefresh, b.as(mine.RefreshJWT), struct{}{}})
		}
		answers := c.round(shots)
		if answers[0].status != 200 {
			t.Fatalf("round %d: merge: %d %s", round, answers[0].status, answers[0].text)
		}
		for _, a := range answers {
			if a.status != 200 {
				continue
			}
			var auth descope.AuthResponse
			a.into(t, &auth)
			if auth.RefreshJWT == "" {
				continue // of a refresh
			}
			if r := b.get(descope.PathMe, b.as(auth.RefreshJWT)); r.status == 200 {
				var me descope.User
				r.into(t, &me)
				if me.UserID != mine.User.UserID {
					t.Fatalf("round %d: a session of the user who was merged away works", round)
				}
			}
		}
		b.get(descope.PathMe, b.as(gone.RefreshJWT)).refused(t, 401, descope.CodeLoggedOut)
		for _, u := range b.everyUser() {
			if u.UserID == gone.User.UserID {
				t.Fatalf("round %d: the user who was merged away is there", round)
			}
			if u.UserID == mine.User.UserID && !slices.Contains(u.LoginIDs, goes) {
				t.Fatalf("round %d: the one who stays has %v", round, u.LoginIDs)
			}
		}
	}
}

// R13: after the answer to a logout no token of what it ended works, however it was
// refreshed meanwhile. Where tokens rotate, what is replaced stays good for a while, or
// the first refresh would decide each round.
func TestR13LogoutAmongRefreshes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rotation bool
		path     string
	}{
		"this session":                {false, descope.PathLogout},
		"this session, with rotation": {true, descope.PathLogout},
		"all sessions":                {false, descope.PathLogoutAll},
		"all sessions, with rotation": {true, descope.PathLogoutAll},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(p *policy.Project) {
				if tt.rotation {
					rotating(time.Minute)(p)
				}
			})
			c := newCrowd(t, b.emulator.Handler())
			renewals := 0
			for round := range smallRounds {
				auth := b.signUp(phoneOf(round))
				tokens := []string{auth.RefreshJWT}
				shots := repeat(smallLanes, shot{descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{}})
				at := round % smallLanes
				shots[at].path = tt.path
				answers := c.round(shots)
				answers[at].into(t, &struct{}{})
				for _, a := range slices.Delete(answers, at, at+1) {
					if a.status != http.StatusOK {
						a.refused(t, http.StatusUnauthorized, descope.CodeLoggedOut) // it came behind the logout
						continue
					}
					renewals++
					var renewed descope.AuthResponse
					a.into(t, &renewed)
					if (renewed.RefreshJWT != "") != tt.rotation {
						t.Fatalf("round %d: a refresh gave the refresh JWT %q", round, renewed.RefreshJWT)
					}
					if tt.rotation {
						tokens = append(tokens, renewed.RefreshJWT)
					}
				}
				for _, jwt := range tokens {
					b.get(descope.PathMe, b.as(jwt)).refused(t, http.StatusUnauthorized, descope.CodeLoggedOut)
					b.refresh(jwt).refused(t, http.StatusUnauthorized, descope.CodeLoggedOut)
				}
			}
			t.Logf("%d of %d refreshes came before the logout, in %d rounds that all logged out", renewals, smallRounds*(smallLanes-1), smallRounds)
		})
	}
}

// A send, a merge, a deletion and a refresh of the same users at once end in a
// state that still makes sense.
func TestMixedCallsAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 4 {
				for _, login := range []string{alice, bob} {
					r := b.post(descope.PathEmbeddedLinkSignUp, b.manager(), descope.EmbeddedSignUpRequest{Identity: identity(login)})
					var link descope.EmbeddedLinkResponse
					r.into(t, &link)
					var auth descope.AuthResponse
					if v := b.verify(link.Token); v.status == http.StatusOK {
						v.into(t, &auth)
						b.change(b.as(auth.RefreshJWT), login, bob, descope.UpdateOptions{AddToLoginIDs: true})
						b.post(descope.PathRefresh, b.as(auth.RefreshJWT), struct{}{})
					}
				}
				for _, m := range b.messages(bob) {
					b.verify(m.token(t))
					b.ask(http.MethodPost, "/messages/"+m.ID+"/read")
				}
				b.post(descope.PathUserDelete, b.manager(), descope.UserRequest{Identity: identity(alice)})
			}
		})
	}
	wg.Wait()
	var found descope.SearchUsersResponse
	b.post(descope.PathUserSearch, b.manager(), struct{}{}).into(t, &found)
	seen := map[string]bool{}
	for _, u := range found.Users {
		for _, login := range u.LoginIDs {
			if seen[login] {
				t.Errorf("two users have the login ID %s", login)
			}
			seen[login] = true
		}
	}
}
