package policy

// Signing algorithms.
const (
	RS256 = "RS256"
	ES256 = "ES256"
	ES384 = "ES384"
	EdDSA = "EdDSA" // with Ed25519
)

// SigningAlgs lists the algorithms.
func SigningAlgs() []string { return []string{RS256, ES256, ES384, EdDSA} }

// What a second OTP does to the first.
const (
	ResendReplace = "replace" // the newest code alone is good
	ResendCoexist = "coexist" // each is good, on one budget of attempts
)

// Resends lists the rules.
func Resends() []string { return []string{ResendReplace, ResendCoexist} }

// How tokens are handed over.
const (
	ResponseBody = "response_body"
	Cookies      = "cookies"
)

// ResponseMethods lists the ways.
func ResponseMethods() []string { return []string{ResponseBody, Cookies} }

// The SameSite attribute of cookies.
const (
	CookieStrict = "strict"
	CookieLax    = "lax"
	CookieNone   = "none"
)

// CookiePolicies lists the values of SameSite.
func CookiePolicies() []string { return []string{CookieStrict, CookieLax, CookieNone} }

// Which rate limits are in force.
const (
	RateLimitOff     = "off"
	RateLimitDescope = "descope" // the limits that the vendor publishes, and those of the project
	RateLimitCustom  = "custom"  // those of the project alone
)

// RateLimits lists the choices.
func RateLimits() []string { return []string{RateLimitOff, RateLimitDescope, RateLimitCustom} }

// The form of the Retry-After header.
const (
	RetryAfterSeconds = "seconds"
	RetryAfterDate    = "date"
	RetryAfterNone    = "none"
)

// RetryAfters lists the forms.
func RetryAfters() []string { return []string{RetryAfterSeconds, RetryAfterDate, RetryAfterNone} }

// What a limit counts by. The first two count requests, the others messages.
const (
	ByIP            = "ip"
	ByProject       = "project"
	ByRecipient     = "recipient"
	ByAllRecipients = "all_recipients"
)

// LimitKeys lists what a limit may count by.
func LimitKeys() []string { return []string{ByIP, ByProject, ByRecipient, ByAllRecipients} }

// States of a user.
const (
	StatusEnabled  = "enabled"
	StatusDisabled = "disabled"
	StatusInvited  = "invited"
)

// Statuses lists the states that a project can begin with.
func Statuses() []string { return []string{StatusEnabled, StatusDisabled, StatusInvited} }
