package emulator

import (
	"github.com/authbench/authbench/internal/descope"
)

// purpose is what a message was sent for.
type purpose string

const (
	signUp      purpose = "sign_up"
	signIn      purpose = "sign_in"
	signUpOrIn  purpose = "sign_up_or_in"
	updatePhone purpose = "update_phone"
	updateEmail purpose = "update_email"
	// Notices to an address that an update has replaced, with nothing to redeem.
	phoneChanged purpose = "phone_changed"
	emailChanged purpose = "email_changed"
	embedded     purpose = "embedded_link"
	generated    purpose = "generated" // of a test user, before a send gives it its purpose
)

// intent is what redeeming a link or a code will do. It is complete: nothing of
// the redeeming request changes it. Every message keeps one, so what few have is apart.
type intent struct {
	purpose purpose
	channel descope.Method      // empty for an embedded link
	user    *user               // whose it is
	contact string              // where the message went; empty if there was none
	profile *descope.SignUpUser // of a sign-up, nil if it told none
	login   *loginTerms         // not nil; never changed
	awaited *pendingSession     // of an enchanted link
	update  updateTerms
	// newcomer says that the user was unverified when the message was sent, and
	// useRecovery that it went to the recovery address.
	newcomer, useRecovery bool

	emailVerified, phoneVerified bool // embedded sign-up only
}

// told is what a sign-up told of its user.
func (in *intent) told() descope.SignUpUser {
	if in.profile == nil {
		return descope.SignUpUser{}
	}
	return *in.profile
}

// plainTerms are those of a sign-in without options.
var plainTerms = &loginTerms{}

// loginTerms shape the session that the intent opens.
type loginTerms struct {
	stepUp       bool
	revokeOthers bool
	revokeTypes  []string // which of them; empty means all
	ssoApp       string   // that the sign-in is for
	claims       map[string]any
	nested       bool     // show the claims below nsec as well
	tenant       string   // empty means none chosen
	earlier      []string // factors of the session this sign-in adds to
	asked        *session // that asked for an update, if it ends the others
}

// updateTerms say what becomes of login IDs when an address changes.
type updateTerms struct {
	addToLoginIDs  bool
	useExisting    bool // on a merge the other user stays
	failOnConflict bool
}
