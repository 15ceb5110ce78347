package descope

// Names of the claims in session and refresh JWTs.
const (
	ClaimIssuer         = "iss"  // the project ID
	ClaimSubject        = "sub"  // the user ID
	ClaimExpiry         = "exp"  // Unix seconds
	ClaimIssuedAt       = "iat"  // Unix seconds
	ClaimTokenID        = "jti"  // unique for each token
	ClaimSessionID      = "sid"  // common to the tokens of one sign-in
	ClaimKind           = "drn"  // KindSession or KindRefresh
	ClaimMethods        = "amr"  // list of the factors used
	ClaimRefreshExpiry  = "rexp" // RFC 3339: when the refresh JWT expires
	ClaimStepUp         = "su"   // true after a step-up
	ClaimTestUser       = "tu"   // true for a test user
	ClaimTenants        = "tenants"
	ClaimRoles          = "roles"
	ClaimPermissions    = "permissions"
	ClaimTenant         = "dct"  // the tenant the session is for
	ClaimSessionType    = "dtt"  // what calls that end some sessions know them by
	ClaimNotSecure      = "nsec" // custom claims once more, as some SDKs read them
	ClaimAudience       = "aud"
	ClaimNotBefore      = "nbf"
	ClaimConfirmation   = "cnf"
	ClaimDelegateOf     = "dsub"
	ClaimAuthorizedPart = "azp"
)

// Values of ClaimKind, which are also the names of the cookies.
const (
	KindSession = "DS"
	KindRefresh = "DSR"
)

// ReservedClaim tells whether the service sets the claim itself, so that a
// custom claim of the name must not replace it.
func ReservedClaim(name string) bool {
	switch name {
	case ClaimIssuer, ClaimSubject, ClaimExpiry, ClaimIssuedAt, ClaimTokenID, ClaimSessionID, ClaimKind,
		ClaimMethods, ClaimRefreshExpiry, ClaimStepUp, ClaimTestUser, ClaimTenants, ClaimRoles,
		ClaimPermissions, ClaimTenant, ClaimNotSecure, ClaimAudience, ClaimNotBefore, ClaimConfirmation,
		ClaimDelegateOf, ClaimAuthorizedPart:
		return true
	}
	return false
}
