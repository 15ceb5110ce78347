package descope

// MaskedResponse answers a send. Exactly one of the two addresses is set; its
// format is the service's own and only its not being the full address is sure.
type MaskedResponse struct {
	MaskedEmail          string `json:"maskedEmail,omitempty"`
	MaskedPhone          string `json:"maskedPhone,omitempty"`
	VerificationAttempts int32  `json:"verificationAttempts,omitempty"` // OTP only: wrong codes left
}

// AuthResponse answers verify, refresh and, with empty tokens, logout. Times
// are Unix seconds.
type AuthResponse struct {
	SessionJWT           string         `json:"sessionJwt"`
	RefreshJWT           string         `json:"refreshJwt,omitempty"`
	CookieDomain         string         `json:"cookieDomain"`
	CookiePath           string         `json:"cookiePath"`
	CookieMaxAge         int32          `json:"cookieMaxAge"`
	CookieExpiration     int32          `json:"cookieExpiration"`
	User                 *User          `json:"user,omitempty"`
	FirstSeen            bool           `json:"firstSeen"`
	SessionExpiration    int32          `json:"sessionExpiration"`
	NextRefreshSeconds   int32          `json:"nextRefreshSeconds,omitempty"`
	Claims               map[string]any `json:"claims,omitempty"`
	CookieName           string         `json:"cookieName,omitempty"`
	SessionCookieName    string         `json:"sessionCookieName,omitempty"`
	SessionCookieDomain  string         `json:"sessionCookieDomain,omitempty"`
	ExternalToken        string         `json:"externalToken,omitempty"`
	TrustedDeviceJWT     string         `json:"trustedDeviceJwt,omitempty"`
	UnsavedSSO           bool           `json:"unsavedSSO,omitempty"`
	TenantSSOID          string         `json:"tenantSSOID,omitempty"`
	IdentityProviderData map[string]any `json:"idpResponse,omitempty"`
}

// ValidateResponse answers validate with the claims of the session JWT.
type ValidateResponse struct {
	ParsedJWT map[string]any `json:"parsedJWT"`
}

// The states of a user.
const (
	StatusEnabled  = "enabled"
	StatusDisabled = "disabled"
	StatusInvited  = "invited"
	StatusExpired  = "expired"
)

// User is a user as the API shows one. Lists are never null on the wire of
// the emulator. CreatedTime is in Unix seconds.
type User struct {
	LoginIDs              []string       `json:"loginIds"`
	UserID                string         `json:"userId"`
	Name                  string         `json:"name"`
	GivenName             string         `json:"givenName"`
	MiddleName            string         `json:"middleName"`
	FamilyName            string         `json:"familyName"`
	Email                 string         `json:"email"`
	Phone                 string         `json:"phone"`
	VerifiedEmail         bool           `json:"verifiedEmail"`
	VerifiedPhone         bool           `json:"verifiedPhone"`
	RoleNames             []string       `json:"roleNames"`
	UserTenants           []UserTenant   `json:"userTenants"`
	Status                string         `json:"status"`
	ExternalIDs           []string       `json:"externalIds"`
	Picture               string         `json:"picture"`
	Test                  bool           `json:"test"`
	CustomAttributes      map[string]any `json:"customAttributes"`
	CreatedTime           int32          `json:"createdTime"`
	ModifiedTime          int32          `json:"modifiedTime,omitempty"`
	TOTP                  bool           `json:"TOTP"`
	SAML                  bool           `json:"SAML"`
	SCIM                  bool           `json:"SCIM"`
	OIDC                  bool           `json:"OIDC"`
	WebAuthn              bool           `json:"webauthn"`
	Password              bool           `json:"password"`
	Push                  bool           `json:"push"`
	OAuth                 map[string]any `json:"OAuth"`
	SSOAppIDs             []string       `json:"ssoAppIds"`
	Editable              bool           `json:"editable"`
	Permissions           []string       `json:"permissions"`
	ConsentExpiration     int32          `json:"consentExpiration"`
	RecoveryEmail         string         `json:"recoveryEmail"`
	RecoveryPhone         string         `json:"recoveryPhone"`
	VerifiedRecoveryEmail bool           `json:"verifiedRecoveryEmail"`
	VerifiedRecoveryPhone bool           `json:"verifiedRecoveryPhone"`
}

// ErrorBody is the body of every refusal. Message repeats ErrorMessage.
type ErrorBody struct {
	ErrorCode        string `json:"errorCode"`
	ErrorDescription string `json:"errorDescription"`
	ErrorMessage     string `json:"errorMessage"`
	Message          string `json:"message"`
}
