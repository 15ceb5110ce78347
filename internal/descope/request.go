package descope

// Every request body serves both sides. A client fills the field it wants to
// send; the zero value is left out. A server decodes any of the names the API
// accepts and asks the methods below for the effective value.

// Identity holds the two names of a login ID. Clients fill LoginID.
type Identity struct {
	LoginID    string `json:"loginId,omitempty"`
	Identifier string `json:"identifier,omitempty"`
}

// Login is the effective login ID, as sent.
func (i Identity) Login() string { return first(i.LoginID, i.Identifier) }

// Redirect holds the two names of the address a link leads to. The vendor's
// SDKs send URI, its reference documents redirectUrl.
type Redirect struct {
	RedirectURL string `json:"redirectUrl,omitempty"`
	URI         string `json:"URI,omitempty"`
}

// Target is the effective redirect address; empty means the project's own.
func (r Redirect) Target() string { return first(r.URI, r.RedirectURL) }

// LoginOptions tune a sign-in or a sign-up. Sign-up takes CustomClaims,
// TemplateOptions, TemplateID, Locale, PKCEChallenge and TenantID only.
type LoginOptions struct {
	StepUp                   bool              `json:"stepup,omitempty"`
	MFA                      bool              `json:"mfa,omitempty"`
	CustomClaims             map[string]any    `json:"customClaims,omitempty"`
	SSOAppID                 string            `json:"ssoAppId,omitempty"`
	TemplateOptions          map[string]string `json:"templateOptions,omitempty"`
	TemplateID               string            `json:"templateId,omitempty"`
	Locale                   string            `json:"locale,omitempty"`
	PKCEChallenge            string            `json:"pkceChallenge,omitempty"`
	RevokeOtherSessions      bool              `json:"revokeOtherSessions,omitempty"`
	RevokeOtherSessionsTypes []string          `json:"revokeOtherSessionsTypes,omitempty"`
	TenantID                 string            `json:"tenantId,omitempty"`
}

// SignUpUser describes the person who signs up. Clients fill Name; the other name is
// that of SDKs.
type SignUpUser struct {
	LoginID       string `json:"loginId,omitempty"`
	Name          string `json:"name,omitempty"`
	DisplayName   string `json:"displayName,omitempty"`
	Phone         string `json:"phone,omitempty"`
	Email         string `json:"email,omitempty"`
	GivenName     string `json:"givenName,omitempty"`
	MiddleName    string `json:"middleName,omitempty"`
	FamilyName    string `json:"familyName,omitempty"`
	RecoveryEmail string `json:"recoveryEmail,omitempty"`
	RecoveryPhone string `json:"recoveryPhone,omitempty"`
}

// FullName is the effective display name.
func (u SignUpUser) FullName() string { return first(u.Name, u.DisplayName) }

// SignUpRequest is the body of the sign-up sends, magic link and OTP. An OTP
// has no redirect.
type SignUpRequest struct {
	Identity
	Redirect
	Phone        string        `json:"phone,omitempty"`
	Email        string        `json:"email,omitempty"`
	WhatsApp     string        `json:"whatsapp,omitempty"`
	Voice        string        `json:"voice,omitempty"`
	User         *SignUpUser   `json:"user,omitempty"`
	ProviderID   string        `json:"providerId,omitempty"`
	TenantID     string        `json:"tenantId,omitempty"`
	LoginOptions *LoginOptions `json:"loginOptions,omitempty"`
}

// Tenant is the effective tenant ID; empty means none. SDKs send it beside the options,
// within them, or both.
func (r SignUpRequest) Tenant() string { return tenant(r.TenantID, r.LoginOptions) }

// Contact is the address a sign-up message goes to: the field of the method,
// else the user's, else the login ID.
func (r SignUpRequest) Contact(m Method) string {
	user := SignUpUser{}
	if r.User != nil {
		user = *r.User
	}
	phone := first(r.Phone, user.Phone, r.Login())
	switch m {
	case MethodEmail:
		return first(r.Email, user.Email, r.Login())
	case MethodWhatsApp, MethodIM:
		return first(r.WhatsApp, phone)
	case MethodVoice:
		return first(r.Voice, phone)
	case MethodSMS:
		return phone
	}
	return phone
}

// SignInRequest is the body of the sign-in and the sign-up-or-in sends, magic
// link and OTP. An OTP has no redirect.
type SignInRequest struct {
	Identity
	Redirect
	LoginOptions *LoginOptions `json:"loginOptions,omitempty"`
	ProviderID   string        `json:"providerId,omitempty"`
	SSOAppID     string        `json:"ssoAppId,omitempty"`
	UseRecovery  bool          `json:"useRecovery,omitempty"`
	TenantID     string        `json:"tenantId,omitempty"`
}

// Tenant is the effective tenant ID; empty means none. SDKs send it beside the options,
// within them, or both.
func (r SignInRequest) Tenant() string { return tenant(r.TenantID, r.LoginOptions) }

func tenant(id string, o *LoginOptions) string {
	if id == "" && o != nil {
		return o.TenantID
	}
	return id
}

// UpdateOptions are what updates of phone and email have in common.
type UpdateOptions struct {
	AddToLoginIDs      bool              `json:"addToLoginIDs,omitempty"`
	OnMergeUseExisting bool              `json:"onMergeUseExisting,omitempty"`
	FailOnConflict     bool              `json:"failOnConflict,omitempty"`
	MFA                bool              `json:"mfa,omitempty"`
	TemplateOptions    map[string]string `json:"templateOptions,omitempty"`
	TemplateID         string            `json:"templateId,omitempty"`
	Locale             string            `json:"locale,omitempty"`
	ProviderID         string            `json:"providerId,omitempty"`
}

// UpdatePhoneRequest is the body of update/phone, magic link and OTP. An OTP
// has no redirect.
type UpdatePhoneRequest struct {
	Identity
	Redirect
	Phone string `json:"phone,omitempty"`
	UpdateOptions
}

// UpdateEmailRequest is the body of update/email, magic link and OTP. An OTP
// has no redirect.
type UpdateEmailRequest struct {
	Identity
	Redirect
	Email string `json:"email,omitempty"`
	UpdateOptions
}

// VerifyLinkRequest redeems the token of a magic link or an embedded link.
type VerifyLinkRequest struct {
	Token string `json:"token,omitempty"`
}

// VerifyCodeRequest redeems an OTP. TenantID says whose it is where one login ID is a
// user of each of several tenants.
type VerifyCodeRequest struct {
	Identity
	Code     string `json:"code,omitempty"`
	TenantID string `json:"tenantId,omitempty"`
}

// RefreshRequest is the optional body of refresh.
type RefreshRequest struct {
	ExternalToken string `json:"externalToken,omitempty"`
}

// LogoutRequest is the optional body of logout and logoutall.
type LogoutRequest struct {
	LogoutType []string `json:"logoutType,omitempty"`
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
