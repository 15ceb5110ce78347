package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// C14: whoever adds up comes to the same: each send that was carried out is one message
// and one record of the trail, whatever became of the message and of the answer, and
// there is no message without a send.
func TestC14EverySendIsAMessageAndARecord(t *testing.T) {
	t.Parallel()
	b := newBench(t, limited(policy.Limit{By: policy.ByRecipient, Requests: 4, Window: every(time.Hour)}), func(p *policy.Project) {
		p.Delivery.Carriers = []policy.Carrier{{Prefix: "+213", Reject: policy.RejectNoGeo}}
		p.Delivery.Duplicate = 1
	})
	const mail, test, dana = "carol@x.test", "+15555550188", "+15555550155"
	b.testUser(test)
	b.create(descope.CreateUserRequest{Identity: identity(alice), Phone: alice})
	auth := b.embed(descope.EmbeddedSignInRequest{Identity: identity(alice)})
	b.create(descope.CreateUserRequest{Identity: identity(dana), Phone: dana})
	b.create(descope.CreateUserRequest{Identity: identity(bob), Phone: bob, Status: descope.StatusDisabled})
	b.faulty(policy.Fault{Name: "lost", Match: "POST /v1/auth/otp/signin/voice", Phase: policy.PhaseAfterCommit, Action: policy.FaultStatus})
	b.faulty(policy.Fault{Name: "down", Match: "POST /v1/auth/otp/signup/sms", Phase: policy.PhaseBefore, Action: policy.FaultStatus})

	c := newCrowd(t, b.emulator.Handler())
	send := func(pattern string, m descope.Method, login string) shot {
		return shot{descope.Path(pattern, m), b.public(), descope.SignInRequest{Identity: identity(login)}}
	}
	update := func(login, phone string) shot {
		return shot{descope.Path(descope.PathOTPUpdatePhone, descope.MethodSMS), b.as(auth.RefreshJWT), descope.UpdatePhoneRequest{Identity: identity(login), Phone: phone}}
	}
	shots := []shot{
		send(descope.PathOTPSignIn, descope.MethodVoice, dana), // its answer is lost
		send(descope.PathOTPSignUp, descope.MethodSMS, bob),    // refused before it begins
		send(descope.PathOTPSignIn, descope.MethodSMS, bob),    // disabled
		send(descope.PathOTPSignIn, descope.MethodSMS, "+15555550177"),
		send(descope.PathMagicLinkSignUpOrIn, descope.MethodWhatsApp, "+15555550166"),
		send(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS, "+213612345678"), // rejected on its way
		send(descope.PathEnchantedLinkSignUpOrIn, descope.MethodEmail, mail),
		send(descope.PathOTPSignUpOrIn, descope.MethodSMS, test),
		send(descope.PathOTPSignUpOrIn, descope.MethodSMS, "no number"),
		update(alice, newPhone), update(bob, newPhone), update(alice, "12"),
	}
	shots = append(shots, repeat(6, send(descope.PathMagicLinkSignIn, descope.MethodSMS, alice))...) // more than the limit
	c.round(shots)

	// What the journal says was carried out, by user and by channel and recipient.
	byUser, byAddress := map[string]int{}, map[string]int{}
	accepted := 0
	page := b.journal(0)
	for _, line := range page.Requests {
		if line.Recipient != "" && line.Path != descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS) && (line.Status == http.StatusOK || line.Fault == "lost") {
			byUser[line.UserID]++
			byAddress[line.Channel+" "+end(line.Recipient)]++
			accepted++
		}
	}
	if accepted != 9 || page.Lost != 0 {
		t.Errorf("%d sends were carried out, want 9: %+v", accepted, page.Requests)
	}
	sent, records := map[string]int{}, map[string]int{}
	for _, m := range b.outbox("all", "") {
		if m.Delivery.DuplicateOf == "" {
			sent[m.Channel+" "+end(m.Recipient)]++
		}
	}
	if diff := cmp.Diff(sent, byAddress); diff != "" {
		t.Errorf("messages (-got +want):\n%s", diff)
	}
	for _, r := range b.audits(`{"actions":["` + descope.ActionLoginStarted + `"]}`).Audits {
		records[r.UserID]++
	}
	if diff := cmp.Diff(records, byUser); diff != "" {
		t.Errorf("records of the trail (-got +want):\n%s", diff)
	}
	var counts struct {
		Total struct{ Sent, Delivered, Rejected, Duplicates, Pending int }
	}
	b.ask(http.MethodGet, "/messages/counts").into(t, &counts)
	if got := counts.Total; got.Sent != accepted || got.Sent+got.Duplicates != got.Delivered+got.Rejected+got.Pending {
		t.Errorf("counts %+v, want %d sent and each of them somewhere", got, accepted)
	}
}

// end is what an address and its mask have in common.
func end(address string) string {
	if at := strings.LastIndexByte(address, '@'); at >= 0 {
		return address[:1] + address[at:]
	}
	return address[len(address)-4:]
}
