// Package policy holds the settings of one emulated project as plain data:
// lifetimes, attempts, approved domains, the signing algorithm. The names are
// those of the emulator block of the language and of the admin API.
//
// It does not carry any of them out; the emulator does. Start with Default.
package policy

import (
	"time"
)

// Signing algorithms.
const (
	RS256 = "RS256"
	ES256 = "ES256"
	ES384 = "ES384"
	EdDSA = "EdDSA" // with Ed25519
)

// SigningAlgs lists the algorithms.
func SigningAlgs() []string { return []string{RS256, ES256, ES384, EdDSA} }

// ResendReplace is the only rule for a second OTP: it replaces the first.
const ResendReplace = "replace"

// Project is the policy of one project. The zero value is not valid; start
// from Default. It may be copied; ApprovedDomains is shared by copies and must
// not be changed.
type Project struct {
	SigningAlg             string       `json:"signing_alg"`
	ApprovedDomains        []string     `json:"approved_domains"` // hosts, or *.host; empty approves every host
	SessionTokenExpiration Duration     `json:"session_token_expiration"`
	RefreshTokenExpiration Duration     `json:"refresh_token_expiration"`
	RefreshTokenRotation   bool         `json:"refresh_token_rotation"`
	OTP                    OTP          `json:"otp"`
	MagicLink              MagicLink    `json:"magic_link"`
	EmbeddedLink           EmbeddedLink `json:"embedded_link"`
	Delivery               Delivery     `json:"delivery"`
	Connectors             Connectors   `json:"connectors"`
	Faults                 []Fault      `json:"fault"`
}

// OTP is the policy of one-time codes.
type OTP struct {
	ExpirationTime Duration `json:"expiration_time"`
	Attempts       int      `json:"attempts"` // wrong codes before the code is locked
	Resend         string   `json:"resend"`   // ResendReplace
}

// MagicLink is the policy of magic links.
type MagicLink struct {
	ExpirationTime Duration `json:"expiration_time"`
	RedirectURL    string   `json:"redirect_url"` // where a link leads when a request names nothing
}

// EmbeddedLink is the policy of embedded links.
type EmbeddedLink struct {
	ExpirationTime Duration `json:"expiration_time"`
}

// Default is the policy of a project nobody configured.
func Default() Project {
	return Project{
		SigningAlg:             RS256,
		ApprovedDomains:        []string{},
		SessionTokenExpiration: Duration(10 * time.Minute),
		RefreshTokenExpiration: Duration(4 * 7 * 24 * time.Hour),
		OTP:                    OTP{ExpirationTime: Duration(3 * time.Minute), Attempts: 5, Resend: ResendReplace},
		MagicLink: MagicLink{
			ExpirationTime: Duration(3 * time.Minute),
			RedirectURL:    "https://app.example.test/verify",
		},
		EmbeddedLink: EmbeddedLink{ExpirationTime: Duration(time.Minute)},
		Delivery:     DefaultDelivery(),
		Faults:       []Fault{},
	}
}
