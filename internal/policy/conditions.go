package policy

// Condition is a reason to refuse a request whose answer is not wholly published.
type Condition struct {
	Name string
	// CodeKnown says that the error code is published and only the status is not.
	CodeKnown bool
	// When says what the condition is, in one sentence.
	When string
}

// Conditions lists the conditions whose answer a project may replace. They are the half
// of what nobody has published that Choices is not.
func Conditions() []Condition {
	return []Condition{
		{"bad_request", true, "The body can not be read, is no JSON object, or names a tenant that is none of the user's."},
		{"invalid_field", true, "A field is missing or holds what it must not."},
		{"empty_token", false, "A link is verified without its token. A case of `invalid_field`."},
		{"empty_code", false, "A one-time code is verified without the code. A case of `invalid_field`."},
		{"invalid_phone", false, "A phone is none. A case of `invalid_field`."},
		{"invalid_email", false, "A mail address is none. A case of `invalid_field`."},
		{"unknown_field", false, "The body holds a field that the request does not have, with `unpublished.unknown_fields = \"refuse\"`."},
		{"unknown_provider", false, "The providerId is none of `unpublished.providers`."},
		{"invalid_argument", false, "An argument of a management call is out of its bounds."},
		{"bad_redirect", false, "The address that a link shall lead to is none, or is not approved."},
		{"no_bearer", false, "The Authorization header is missing or can not be read."},
		{"unknown_project", false, "There is no such project."},
		{"no_refresh_jwt", false, "A refresh JWT is needed and missing."},
		{"bad_refresh_jwt", false, "The refresh JWT is garbage, signed by somebody else, or has expired."},
		{"no_session_jwt", false, "A session JWT is needed and missing."},
		{"bad_session_jwt", false, "The session JWT is garbage, signed by somebody else, or has expired."},
		{"logged_out", false, "The session of the refresh JWT was ended."},
		{"wrong_management_key", false, "The management key is missing or wrong."},
		{"not_your_login_id", false, "The login ID is not one of the user whose refresh JWT is shown."},
		{"wrong_otp", true, "The code is not the one that was sent."},
		{"used_otp", false, "The code was redeemed already. A case of `wrong_otp`."},
		{"no_otp", false, "The user has no code to redeem. A case of `wrong_otp`."},
		{"unknown_login_id", false, "A code is verified for a login ID that nobody has. A case of `wrong_otp`."},
		{"too_many_attempts", true, "The code is locked by wrong ones."},
		{"otp_expired", true, "The code has expired."},
		{"user_exists", true, "The login ID of a sign-up is somebody's."},
		{"user_not_found", false, "The login ID of a sign-in is nobody's."},
		{"unverified_phone", false, "The phone was set by the management and is no way to log in yet."},
		{"unverified_email", false, "The mail address was set by the management and is no way to log in yet."},
		{"update_conflict", true, "The new address is a login ID of another user, and no merge is wanted."},
		{"token_expired", false, "The token of a link is unknown, or has expired."},
		{"used_token", false, "The token of a link was redeemed already. A case of `token_expired`."},
		{"link_pending", true, "The enchanted link was not followed yet."},
		{"link_unknown", true, "The enchanted link is not known, or not any more."},
		{"bad_pkce_verifier", false, "The pkceVerifier does not fit the pkceChallenge."},
		{"not_a_test_user", false, "A code or link is generated for a user who is no test user."},
		{"test_user_limit", false, "There are as many test users as may be."},
		{"mgmt_user_exists", false, "The login ID of a user to create is somebody's."},
		{"user_disabled", false, "The user is disabled."},
		{"undeliverable", false, "The carrier takes no message to the number, with `delivery.reject_at = \"send\"`."},
		{"too_many_sessions", false, "The user has as many open sessions as the emulator keeps."},
		{"send_limited", false, "A limit on messages is used up."},
		{"method_disabled", false, "The project does without the method."},
		{"too_many_counted", false, "A limit counts as many addresses as the emulator keeps."},
	}
}
