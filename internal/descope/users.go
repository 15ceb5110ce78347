package descope

// CreateUsersRequest creates many users. One that can not be created keeps none of
// the others back.
type CreateUsersRequest struct {
	Users     []CreateUserRequest `json:"users,omitempty"`
	Invite    bool                `json:"invite,omitempty"`
	InviteURL string              `json:"inviteUrl,omitempty"`
}

// UsersBatchResponse answers a change of many users. One of the first two lists is
// there, the other is nil.
type UsersBatchResponse struct {
	CreatedUsers     []User            `json:"createdUsers,omitzero"`
	PatchedUsers     []User            `json:"patchedUsers,omitzero"`
	FailedUsers      []FailedUser      `json:"failedUsers"`
	AdditionalErrors map[string]string `json:"additionalErrors"`
}

// FailedUser is a user of a batch that was refused, as the request names it.
type FailedUser struct {
	Failure string `json:"failure"`
	User    User   `json:"user"`
}

// PatchUserRequest changes some attributes of a user. What is nil stays; a list or a
// text that is empty clears. Custom attributes that are not named stay as well.
// Clients fill Name, AdditionalIdentifiers and SSOAppIDs; the other names are those
// of SDKs.
type PatchUserRequest struct {
	Identity
	Email                 *string        `json:"email,omitempty"`
	Phone                 *string        `json:"phone,omitempty"`
	VerifiedEmail         *bool          `json:"verifiedEmail,omitempty"`
	VerifiedPhone         *bool          `json:"verifiedPhone,omitempty"`
	Name                  *string        `json:"name,omitempty"`
	DisplayName           *string        `json:"displayName,omitempty"`
	GivenName             *string        `json:"givenName,omitempty"`
	MiddleName            *string        `json:"middleName,omitempty"`
	FamilyName            *string        `json:"familyName,omitempty"`
	RoleNames             []string       `json:"roleNames,omitzero"`
	UserTenants           []UserTenant   `json:"userTenants,omitzero"`
	CustomAttributes      map[string]any `json:"customAttributes,omitzero"`
	Picture               *string        `json:"picture,omitempty"`
	AdditionalIdentifiers []string       `json:"additionalIdentifiers,omitzero"`
	AdditionalLoginIDs    []string       `json:"additionalLoginIds,omitzero"`
	SSOAppIDs             []string       `json:"ssoAppIds,omitzero"`
	SSOAppIDsAlias        []string       `json:"ssoAppIDs,omitzero"`
	SCIM                  *bool          `json:"scim,omitempty"`
	Status                *string        `json:"status,omitempty"`
	RecoveryEmail         *string        `json:"recoveryEmail,omitempty"`
	RecoveryPhone         *string        `json:"recoveryPhone,omitempty"`
}

// PatchUsersRequest changes many users. One that can not be changed keeps none of
// the others back.
type PatchUsersRequest struct {
	Users []PatchUserRequest `json:"users,omitempty"`
}

// UpdateUserEmailRequest sets a user's email without a message. An empty Email clears
// the user's email, and so does nil, which leaves the field out.
type UpdateUserEmailRequest struct {
	Identity
	Email          *string `json:"email,omitempty"`
	Verified       bool    `json:"verified,omitempty"`
	FailOnConflict bool    `json:"failOnConflict,omitempty"`
}

// UpdateLoginIDRequest puts another login ID in place of one; an empty NewLoginID
// takes the login ID away.
type UpdateLoginIDRequest struct {
	Identity
	NewLoginID string `json:"newLoginId,omitempty"`
}

// UpdateUserStatusRequest sets the state of a user.
type UpdateUserStatusRequest struct {
	Identity
	Status string `json:"status,omitempty"`
}

// DeleteUsersRequest deletes the users that exist of a list.
type DeleteUsersRequest struct {
	UserIDs []string `json:"userIds,omitempty"`
}

// LoadUsersRequest loads users by ID. Disabled and expired users are left out unless
// IncludeInvalidUsers is set.
type LoadUsersRequest struct {
	UserIDs             []string `json:"userIds,omitempty"`
	IncludeInvalidUsers bool     `json:"includeInvalidUsers,omitempty"`
}

// UsersResponse answers a load of many.
type UsersResponse struct {
	Users []User `json:"users"`
}

// UserVisit is one sign-in of a user, as the history shows it. The emulator knows no
// places.
type UserVisit struct {
	UserID         string `json:"userId"`
	LoginTime      int32  `json:"loginTime"` // Unix seconds
	City           string `json:"city"`
	Country        string `json:"country"`
	IP             string `json:"ip"`
	SelectedTenant string `json:"selectedTenant"`
}
