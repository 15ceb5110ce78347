// Package policy holds the settings of one emulated project as plain data:
// lifetimes, attempts, rate limits, approved domains, the signing algorithm. The
// names are those of the emulator block of the language and of the admin API, and
// wherever the vendor's Terraform provider has the setting, they are its names.
//
// It does not carry any of them out; the emulator does. Start with Default.
package policy

import "time"

// Project is the policy of one project. The zero value is not valid; start
// from Default. It may be copied; lists are shared by copies and must not be
// changed.
type Project struct {
	// Seed decides all that is made up for the project, and is MaxSeed at most; nil for
	// one that the emulator's seed and the project's ID decide.
	Seed *uint64 `json:"seed"`

	SigningAlg      string   `json:"signing_alg"`
	ApprovedDomains []string `json:"approved_domains"` // hosts, *.host, or schemes of apps; empty approves all

	SessionTokenExpiration     Duration `json:"session_token_expiration"`
	SessionTokenResponseMethod string   `json:"session_token_response_method"` // ResponseBody or Cookies
	SessionTokenCookiePolicy   string   `json:"session_token_cookie_policy"`   // one of CookiePolicies
	SessionTokenCookieDomain   string   `json:"session_token_cookie_domain"`   // empty for the host of the API alone
	RefreshTokenExpiration     Duration `json:"refresh_token_expiration"`
	RefreshTokenResponseMethod string   `json:"refresh_token_response_method"`
	RefreshTokenCookiePolicy   string   `json:"refresh_token_cookie_policy"`
	RefreshTokenCookieDomain   string   `json:"refresh_token_cookie_domain"`
	RefreshTokenRotation       bool     `json:"refresh_token_rotation"`
	RefreshTokenReuseInterval  Duration `json:"refresh_token_reuse_interval"` // grace for the replaced token; may be 0
	StepUpTokenExpiration      Duration `json:"step_up_token_expiration"`
	EnableInactivity           bool     `json:"enable_inactivity"`
	InactivityTime             Duration `json:"inactivity_time"`

	// Test users get no messages. TestUsersVerifierRegexp and TestUsersStaticOTP stand
	// together or not at all.
	TestUsersLimit          int    `json:"test_users_limit"`           // how many there may be
	TestUsersLoginIDRegexp  string `json:"test_users_loginid_regexp"`  // whoever is created with a login ID that matches is one; empty for nobody
	TestUsersVerifierRegexp string `json:"test_users_verifier_regexp"` // addresses whose code is TestUsersStaticOTP
	TestUsersStaticOTP      string `json:"test_users_static_otp"`      // six digits, or empty

	TenantUserIsolation bool   `json:"tenant_user_isolation"`
	RateLimit           string `json:"rate_limit"`  // one of RateLimits
	RetryAfter          string `json:"retry_after"` // one of RetryAfters

	OTP           OTP           `json:"otp"`
	MagicLink     MagicLink     `json:"magic_link"`
	EmbeddedLink  EmbeddedLink  `json:"embedded_link"`
	EnchantedLink EnchantedLink `json:"enchanted_link"`

	Limits []Limit `json:"limit"` // in force beside those of RateLimit
	Users  []User  `json:"user"`  // the project begins with them

	Unpublished   Unpublished `json:"unpublished"`
	Answers       []Answer    `json:"answer"`
	RateLimitTier string      `json:"rate_limit_tier"` // what the license handshake answers, one of RateLimitTiers
	Delivery      Delivery    `json:"delivery"`
	Connectors    Connectors  `json:"connectors"`
	Faults        []Fault     `json:"fault"`
	Journal       int         `json:"journal"` // requests that are kept for a look back; 0 keeps none
}

// OTP is the policy of one-time codes.
type OTP struct {
	Disabled       bool     `json:"disabled"`
	ExpirationTime Duration `json:"expiration_time"`
	Digits         int      `json:"digits"`          // of a code
	Resend         string   `json:"resend"`          // ResendReplace or ResendCoexist
	Attempts       int      `json:"attempts"`        // wrong codes before a code is locked
	WindowAttempts int      `json:"window_attempts"` // wrong codes of one recipient in AttemptsWindow; 0 for no bound
	AttemptsWindow Duration `json:"attempts_window"` // 0 without WindowAttempts
}

// MagicLink is the policy of magic links.
type MagicLink struct {
	Disabled       bool     `json:"disabled"`
	ExpirationTime Duration `json:"expiration_time"`
	RedirectURL    string   `json:"redirect_url"` // where a link leads when a request names nothing
}

// EmbeddedLink is the policy of embedded links.
type EmbeddedLink struct {
	Disabled       bool     `json:"disabled"`
	ExpirationTime Duration `json:"expiration_time"`
}

// EnchantedLink is the policy of enchanted links.
type EnchantedLink struct {
	Disabled       bool     `json:"disabled"`
	ExpirationTime Duration `json:"expiration_time"`
	RedirectURL    string   `json:"redirect_url"` // where a link leads when a request names nothing
}

// Default is the policy of a project nobody configured.
func Default() Project {
	p := Project{
		ApprovedDomains:            []string{},
		SessionTokenExpiration:     Duration(10 * time.Minute),
		SessionTokenResponseMethod: ResponseBody,
		SessionTokenCookiePolicy:   CookieNone,
		RefreshTokenExpiration:     Duration(4 * 7 * 24 * time.Hour),
		RefreshTokenResponseMethod: ResponseBody,
		RefreshTokenCookiePolicy:   CookieNone,
		StepUpTokenExpiration:      Duration(10 * time.Minute),
		InactivityTime:             Duration(12 * time.Minute),
		TestUsersLimit:             100,
		RateLimit:                  RateLimitOff,
		MagicLink:                  MagicLink{RedirectURL: "https://app.example.test/verify"},
		EnchantedLink:              EnchantedLink{RedirectURL: "https://app.example.test/verify"},
		Limits:                     []Limit{},
		Users:                      []User{},
		Answers:                    []Answer{},
		RateLimitTier:              "tier4",
		Delivery:                   DefaultDelivery(),
		Faults:                     []Fault{},
		Journal:                    1000,
	}
	for _, c := range Choices() {
		c.reset(&p)
	}
	return p
}
