package emulator_test

import (
	"net/http"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// R14: the answers to all sends are lost behind the commit, and all clients send again.
// That is one message more and no harm: the newest code or link lets each user in. When
// the answers to the proofs are lost as well, a second proof is refused as a used one, and
// whoever asks anew gets in.
func TestR14LostAnswers(t *testing.T) {
	t.Parallel()
	for _, action := range []string{policy.FaultStatus, policy.FaultReset} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			c := newCrowd(t, b.emulator.Handler())
			c.lossy = true
			lose := policy.Fault{Name: "lost", Match: "POST /v1/auth/*", Phase: policy.PhaseAfterCommit, Action: action}
			for round := range smallRounds / 4 {
				var sends, proofs, later []shot
				for lane := range smallLanes {
					sends = append(sends, sendShot(b, round*smallLanes+lane))
				}
				c.lost(b, lose, sends)
				for lane, a := range c.round(sends) {
					a.into(t, &struct{}{})
					sent := b.messages(phoneOf(round*smallLanes + lane))
					if len(sent) != 2 {
						t.Fatalf("round %d: %d messages for one of the users, want 2", round, len(sent))
					}
					proofs = append(proofs, proofShot(b, sent[1]))
					b.read(sent...)
				}
				c.lost(b, lose, proofs)
				for lane, a := range c.round(proofs) {
					if proofs[lane].path == descope.PathMagicLinkVerify {
						a.refused(t, 401, descope.CodeTokenExpired)
					} else {
						a.refused(t, 401, descope.CodeWrongOTP)
					}
				}
				for lane, a := range c.round(sends) {
					a.into(t, &struct{}{})
					sent := b.messages(phoneOf(round*smallLanes + lane))
					later = append(later, proofShot(b, sent[0]))
					b.read(sent...)
				}
				for _, a := range c.round(later) {
					var auth descope.AuthResponse
					a.into(t, &auth)
					if b.me(auth.RefreshJWT); auth.FirstSeen {
						t.Errorf("round %d: the proof whose answer was lost has made no user", round)
					}
				}
			}
			if n := len(b.everyUser()); n != smallRounds/4*smallLanes {
				t.Errorf("%d users, want %d", n, smallRounds/4*smallLanes)
			}
		})
	}
}

// R14: where one message is allowed, a send that is repeated because its answer was lost
// is refused, and what it sent before is good.
func TestR14LostAnswersWithinALimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByRecipient, Requests: 1, Window: every(60e9)}))
	c := newCrowd(t, b.emulator.Handler())
	c.lossy = true
	var sends, proofs []shot
	for lane := range smallLanes {
		sends = append(sends, sendShot(b, lane))
	}
	c.lost(b, policy.Fault{Name: "lost", Phase: policy.PhaseAfterCommit, Action: policy.FaultReset}, sends)
	for lane, a := range c.round(sends) {
		a.refused(t, 429, descope.CodeSendLimit)
		proofs = append(proofs, proofShot(b, b.take(phoneOf(lane))))
	}
	for _, a := range c.round(proofs) {
		a.into(t, &struct{}{})
	}
}

// lost is a round of which every answer is lost.
func (c *crowd) lost(b *bench, f policy.Fault, shots []shot) {
	c.t.Helper()
	b.faulty(f)
	for i, a := range c.round(shots) {
		if a.status != 0 && a.status != http.StatusServiceUnavailable {
			c.t.Fatalf("answer %d is not lost: %d %s", i, a.status, a.text)
		}
	}
	if hits := b.hits()[f.Name]; hits != uint64(len(shots)) {
		c.t.Fatalf("%d answers are lost, want %d", hits, len(shots))
	}
	if r := b.ask(http.MethodDelete, "/faults/"+f.Name); r.status != http.StatusNoContent {
		c.t.Fatalf("delete the fault: %d %s", r.status, r.text)
	}
}

// sendShot asks for a link for every other user, and for a code for those between.
func sendShot(b *bench, n int) shot {
	pattern := descope.PathMagicLinkSignUpOrIn
	if n%2 == 1 {
		pattern = descope.PathOTPSignUpOrIn
	}
	return shot{descope.Path(pattern, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(phoneOf(n))}}
}

func proofShot(b *bench, m sent) shot {
	b.t.Helper()
	if m.Code != "" {
		return shot{otpVerify, b.public(), descope.VerifyCodeRequest{Identity: identity(m.Recipient), Code: m.Code}}
	}
	return verifyShot(b, m.token(b.t))
}

// read marks messages as read.
func (b *bench) read(all ...sent) {
	b.t.Helper()
	for _, m := range all {
		if r := b.ask(http.MethodPost, "/messages/"+m.ID+"/read"); r.status != http.StatusNoContent {
			b.t.Fatalf("mark read: %d %s", r.status, r.text)
		}
	}
}
