package descope

// EmbeddedSignInRequest asks for an embedded link of an existing user.
type EmbeddedSignInRequest struct {
	Identity
	CustomClaims map[string]any `json:"customClaims,omitempty"`
	Timeout      int32          `json:"timeout,omitempty"` // seconds; 0 means the project's setting
}

// EmbeddedSignUpRequest asks for an embedded link that signs a user up, or in
// if the user exists.
type EmbeddedSignUpRequest struct {
	Identity
	User          *SignUpUser   `json:"user,omitempty"`
	EmailVerified bool          `json:"emailVerified,omitempty"`
	PhoneVerified bool          `json:"phoneVerified,omitempty"`
	LoginOptions  *LoginOptions `json:"loginOptions,omitempty"`
	Timeout       int32         `json:"timeout,omitempty"` // seconds; 0 means the project's setting
}

// EmbeddedLinkResponse carries the token that magic link verify redeems.
type EmbeddedLinkResponse struct {
	Token       string `json:"token"`
	MaskedEmail string `json:"maskedEmail,omitempty"`
	MaskedPhone string `json:"maskedPhone,omitempty"`
}

// UserTenant is a user's membership of one tenant.
type UserTenant struct {
	TenantID    string   `json:"tenantId"`
	TenantName  string   `json:"tenantName,omitempty"`
	RoleNames   []string `json:"roleNames,omitempty"`
	Permissions []string `json:"permissions,omitempty"`
}

// CreateUserRequest creates a user, or a test user. Clients fill Name,
// AdditionalIdentifiers and SSOAppIDs; the other names are those of SDKs.
type CreateUserRequest struct {
	Identity
	Email                 string            `json:"email,omitempty"`
	Phone                 string            `json:"phone,omitempty"`
	VerifiedEmail         *bool             `json:"verifiedEmail,omitempty"`
	VerifiedPhone         *bool             `json:"verifiedPhone,omitempty"`
	Name                  string            `json:"name,omitempty"`
	DisplayName           string            `json:"displayName,omitempty"`
	GivenName             string            `json:"givenName,omitempty"`
	MiddleName            string            `json:"middleName,omitempty"`
	FamilyName            string            `json:"familyName,omitempty"`
	RoleNames             []string          `json:"roleNames,omitempty"`
	UserTenants           []UserTenant      `json:"userTenants,omitempty"`
	CustomAttributes      map[string]any    `json:"customAttributes,omitempty"`
	Picture               string            `json:"picture,omitempty"`
	AdditionalIdentifiers []string          `json:"additionalIdentifiers,omitempty"`
	AdditionalLoginIDs    []string          `json:"additionalLoginIds,omitempty"`
	SSOAppIDs             []string          `json:"ssoAppIds,omitempty"`
	SSOAppIDsAlias        []string          `json:"ssoAppIDs,omitempty"`
	Invite                bool              `json:"invite,omitempty"`
	InviteURL             string            `json:"inviteUrl,omitempty"`
	SendMail              *bool             `json:"sendMail,omitempty"`
	SendSMS               *bool             `json:"sendSMS,omitempty"`
	Test                  bool              `json:"test,omitempty"`
	Status                string            `json:"status,omitempty"`
	Password              string            `json:"password,omitempty"`
	HashedPassword        map[string]any    `json:"hashedPassword,omitempty"`
	TemplateOptions       map[string]string `json:"templateOptions,omitempty"`
	RecoveryEmail         string            `json:"recoveryEmail,omitempty"`
	RecoveryPhone         string            `json:"recoveryPhone,omitempty"`
}

// FullName is the effective display name.
func (r CreateUserRequest) FullName() string { return first(r.Name, r.DisplayName) }

// MoreLoginIDs are the login IDs beside the first, under either name.
func (r CreateUserRequest) MoreLoginIDs() []string {
	all := make([]string, 0, len(r.AdditionalLoginIDs)+len(r.AdditionalIdentifiers))
	all = append(all, r.AdditionalLoginIDs...)
	return append(all, r.AdditionalIdentifiers...)
}

// SSOApps are the federated applications, under either name.
func (r CreateUserRequest) SSOApps() []string {
	if len(r.SSOAppIDs) > 0 {
		return r.SSOAppIDs
	}
	return r.SSOAppIDsAlias
}

// UserResponse answers create, load and update.
type UserResponse struct {
	User    User  `json:"user"`
	Created *bool `json:"created,omitempty"` // create only
}

// UpdateUserPhoneRequest sets a user's phone without a message. An empty Phone clears
// the user's phone, and so does nil, which leaves the field out.
type UpdateUserPhoneRequest struct {
	Identity
	Phone          *string `json:"phone,omitempty"`
	Verified       bool    `json:"verified,omitempty"`
	FailOnConflict bool    `json:"failOnConflict,omitempty"`
}

// UserRequest names a user to delete or to log out.
type UserRequest struct {
	Identity
	UserID       string   `json:"userId,omitempty"`
	SessionTypes []string `json:"sessionTypes,omitempty"` // logout only
}

// SearchUsersRequest filters users. Filters add up; an empty one admits all.
// Test users are left out unless WithTestUser or TestUsersOnly is set. Clients fill
// SSOAppIDs; the other name is that of SDKs.
type SearchUsersRequest struct {
	LoginIDs         []string       `json:"loginIds,omitempty"`
	UserIDs          []string       `json:"userIds,omitempty"`
	Emails           []string       `json:"emails,omitempty"`
	Phones           []string       `json:"phones,omitempty"`
	Statuses         []string       `json:"statuses,omitempty"`
	TenantIDs        []string       `json:"tenantIds,omitempty"`
	RoleNames        []string       `json:"roleNames,omitempty"`
	SSOAppIDs        []string       `json:"ssoAppIds,omitempty"`
	SSOAppIDsAlias   []string       `json:"ssoAppIDs,omitempty"`
	VerifiedEmail    *bool          `json:"verifiedEmail,omitempty"`
	VerifiedPhone    *bool          `json:"verifiedPhone,omitempty"`
	TenantRoleIDs    map[string]any `json:"tenantRoleIds,omitempty"`
	TenantRoleNames  map[string]any `json:"tenantRoleNames,omitempty"`
	Text             string         `json:"text,omitempty"`
	WithTestUser     bool           `json:"withTestUser,omitempty"`
	TestUsersOnly    bool           `json:"testUsersOnly,omitempty"`
	CustomAttributes map[string]any `json:"customAttributes,omitempty"`
	FromCreatedTime  Int64          `json:"fromCreatedTime,omitempty"`  // Unix milliseconds
	ToCreatedTime    Int64          `json:"toCreatedTime,omitempty"`    // Unix milliseconds
	FromModifiedTime Int64          `json:"fromModifiedTime,omitempty"` // Unix milliseconds; a user never modified counts by creation
	ToModifiedTime   Int64          `json:"toModifiedTime,omitempty"`   // Unix milliseconds
	Limit            int32          `json:"limit,omitempty"`            // 0 means 100
	Page             int32          `json:"page,omitempty"`             // from 0
	Offset           int32          `json:"offset,omitempty"`           // users to leave out before the first page
	Sort             []SortField    `json:"sort,omitempty"`
}

// SSOApps are the federated applications, under either name.
func (r *SearchUsersRequest) SSOApps() []string {
	if len(r.SSOAppIDs) > 0 {
		return r.SSOAppIDs
	}
	return r.SSOAppIDsAlias
}

// SortField is one key of the order of a search.
type SortField struct {
	Field string `json:"field"`
	Desc  bool   `json:"desc,omitempty"`
}

// SearchUsersResponse is one page of users and the count of all that match.
type SearchUsersResponse struct {
	Users []User `json:"users"`
	Total int32  `json:"total"`
}

// GenerateRequest asks for the OTP or the magic link of a test user. An OTP
// has no redirect.
type GenerateRequest struct {
	Identity
	Redirect
	DeliveryMethod string        `json:"deliveryMethod,omitempty"`
	LoginOptions   *LoginOptions `json:"loginOptions,omitempty"`
}

// GeneratedOTP is a test user's code.
type GeneratedOTP struct {
	LoginID string `json:"loginId"`
	Code    string `json:"code"`
}

// GeneratedLink is a test user's magic link.
type GeneratedLink struct {
	LoginID string `json:"loginId"`
	Link    string `json:"link"`
}

// LicenseResponse is the handshake of a client with a management key.
type LicenseResponse struct {
	RateLimitTier string `json:"rateLimitTier"`
}
