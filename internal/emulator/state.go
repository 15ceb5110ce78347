package emulator

import (
	"time"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// projectState is all that a project knows beside its keys to the API and its policy,
// which has its seed.
// An emulator that is given it goes on where the other one stood, to the byte. It holds
// secrets: codes, tokens of messages and the keys that sign.
type projectState struct {
	ProjectID     string               `json:"project_id"`
	Life          uint64               `json:"life"`
	Clock         clockMemory          `json:"clock"`
	Keys          keyMemory            `json:"keys"`
	Random        []byte               `json:"random"`
	Created       uint64               `json:"created"` // users, sign-ups included
	Users         []userMemory         `json:"users"`
	Links         []linkMemory         `json:"links"`
	Codes         []codeExport         `json:"codes"`
	Tries         []int                `json:"tries"` // failed attempts of each budget
	Sessions      []sessionMemory      `json:"sessions"`
	Awaited       []pendingMemory      `json:"pending_sessions"`
	Redeemed      []redemptionMemory   `json:"redeemed"`
	Audits        []auditMemory        `json:"audits"` // the oldest first
	Delivery      deliveryMemory       `json:"delivery"`
	Windows       []windowMemory       `json:"windows"`
	Faults        []faultMemory        `json:"faults"`
	Verifications []verificationMemory `json:"verifications"`
}

// clockMemory is where the clock stood. One that is not frozen runs on from there when it
// is imported, so that whatever was left of a lifetime still is.
type clockMemory struct {
	Frozen bool            `json:"frozen"`
	Now    time.Time       `json:"now"`
	Skew   policy.Duration `json:"skew"`
}

type keyMemory struct {
	Generation int         `json:"generation"`
	Keys       []keyExport `json:"keys"` // the one that signs first
	Previous   []keyExport `json:"previous"`
}

type keyExport struct {
	Algorithm string `json:"algorithm"`
	Private   []byte `json:"private"` // PKCS #8
}

type userMemory struct {
	Info          descope.User         `json:"info"`
	Order         uint64               `json:"order"`
	Pending       bool                 `json:"pending"`
	Seen          bool                 `json:"seen"`
	PhoneBarred   bool                 `json:"phone_barred"`
	EmailBarred   bool                 `json:"email_barred"`
	Visits        []visitMemory        `json:"visits"` // the oldest first
	Generated     []generatedMemory    `json:"generated,omitempty"`
	Verifications []verificationMemory `json:"verifications"`
}

// generatedMemory is the token of a test user's link that sends use.
type generatedMemory struct {
	Channel   descope.Method `json:"channel"`
	Enchanted bool           `json:"enchanted"`
	Token     string         `json:"token"`
}

type verificationMemory struct {
	Proof   string         `json:"proof"`
	Purpose purpose        `json:"purpose"`
	Channel descope.Method `json:"channel"`
	Refusal string         `json:"refusal"`
	Times   uint64         `json:"times"`
}

type intentMemory struct {
	Purpose        purpose            `json:"purpose"`
	Channel        descope.Method     `json:"channel"`
	UserID         string             `json:"user_id"`
	Newcomer       bool               `json:"newcomer"`
	UseRecovery    bool               `json:"use_recovery,omitempty"`
	Contact        string             `json:"contact"`
	Profile        descope.SignUpUser `json:"profile"`
	StepUp         bool               `json:"step_up"`
	RevokeOthers   bool               `json:"revoke_others"`
	RevokeTypes    []string           `json:"revoke_types,omitzero"`
	SSOApp         string             `json:"sso_app"`
	Claims         map[string]any     `json:"claims,omitzero"`
	Nested         bool               `json:"nested"`
	Tenant         string             `json:"tenant"`
	Earlier        []string           `json:"earlier,omitzero"`
	Asked          string             `json:"asked,omitempty"` // session that asked for an update
	AddToLoginIDs  bool               `json:"add_to_login_ids"`
	UseExisting    bool               `json:"use_existing"`
	FailOnConflict bool               `json:"fail_on_conflict"`
	Awaited        []byte             `json:"awaited,omitempty"` // key of the pending session
	EmailVerified  bool               `json:"email_verified"`
	PhoneVerified  bool               `json:"phone_verified"`
}

type linkMemory struct {
	Key     []byte       `json:"key"` // hash of the token
	Expires time.Time    `json:"expires"`
	Intent  intentMemory `json:"intent"`
}

type codeExport struct {
	Digits    string       `json:"digits"`
	Generated bool         `json:"generated,omitempty"`
	Family    purpose      `json:"family"`
	Tries     int          `json:"tries"` // place of its budget
	Expires   time.Time    `json:"expires"`
	Forget    time.Time    `json:"forget"`
	Intent    intentMemory `json:"intent"`
}

type sessionMemory struct {
	ID        string              `json:"id"`
	UserID    string              `json:"user_id"`
	RefreshID string              `json:"refresh_id"`
	Methods   []string            `json:"methods,omitzero"`
	Claims    map[string]any      `json:"claims,omitzero"`
	Nested    bool                `json:"nested"`
	Tenant    string              `json:"tenant"`
	StepUp    bool                `json:"step_up"`
	Opened    time.Time           `json:"opened"`
	Expires   time.Time           `json:"expires"`
	Forget    time.Time           `json:"forget"`
	Used      time.Time           `json:"used"`
	Replaced  []replacementMemory `json:"replaced"`
}

// replacementMemory is signed again when somebody asks for it: a key signs the same
// text the same way every time.
type replacementMemory struct {
	TokenID string      `json:"token_id"`
	Until   time.Time   `json:"until"`
	Grant   grantMemory `json:"grant"`
}

type grantMemory struct {
	User           descope.User   `json:"user"`
	FirstSeen      bool           `json:"first_seen"`
	SessionID      string         `json:"session_id"`
	SessionTokenID string         `json:"session_token_id"`
	RefreshTokenID string         `json:"refresh_token_id"`
	Issued         time.Time      `json:"issued"`
	Expires        time.Time      `json:"expires"`
	RefreshExpires time.Time      `json:"refresh_expires"`
	Methods        []string       `json:"methods,omitzero"`
	Claims         map[string]any `json:"claims,omitzero"`
	Nested         bool           `json:"nested"`
	Tenant         string         `json:"tenant"`
	StepUp         bool           `json:"step_up"`
}

// windowMemory is one count of one limit: the limits of requests first, then those of
// messages, then that of guesses.
type windowMemory struct {
	Limit   int       `json:"limit"`
	Key     string    `json:"key"`
	Count   int       `json:"count"`
	Refused bool      `json:"refused"`
	Ends    time.Time `json:"ends"`
}

type faultMemory struct {
	policy.Fault
	Seen   uint64 `json:"seen"`
	Hits   uint64 `json:"hits"`
	Random []byte `json:"random"`
}
