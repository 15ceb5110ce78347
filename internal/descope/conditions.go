package descope

// String is the name by which settings know the condition.
func (c Condition) String() string {
	table := [conditions]string{
		BadRequest: "bad_request", InvalidField: "invalid_field", EmptyToken: "empty_token", EmptyCode: "empty_code", InvalidPhone: "invalid_phone",
		InvalidEmail: "invalid_email", UnknownField: "unknown_field", UnknownProvider: "unknown_provider", InvalidArgument: "invalid_argument", BadRedirect: "bad_redirect",
		NoBearer: "no_bearer", UnknownProject: "unknown_project",
		NoRefreshJWT: "no_refresh_jwt", BadRefreshJWT: "bad_refresh_jwt", NoSessionJWT: "no_session_jwt", BadSessionJWT: "bad_session_jwt",
		LoggedOut: "logged_out", WrongManagementKey: "wrong_management_key", NotYourLoginID: "not_your_login_id",
		WrongOTP: "wrong_otp", UsedOTP: "used_otp", NoOTP: "no_otp", UnknownLoginID: "unknown_login_id", TooManyAttempts: "too_many_attempts", OTPExpired: "otp_expired",
		UserExists: "user_exists", UserNotFound: "user_not_found", UnverifiedPhone: "unverified_phone", UnverifiedEmail: "unverified_email",
		UpdateConflict: "update_conflict", TokenExpired: "token_expired", UsedToken: "used_token", LinkPending: "link_pending", LinkUnknown: "link_unknown",
		BadPKCEVerifier: "bad_pkce_verifier", NotATestUser: "not_a_test_user", TestUserLimit: "test_user_limit",
		MgmtUserExists: "mgmt_user_exists", MgmtUserNotFound: "mgmt_user_not_found", MgmtConflict: "mgmt_conflict",
		UserDisabled: "user_disabled", Undeliverable: "undeliverable", TooManySessions: "too_many_sessions", RateLimited: "rate_limited", SendLimited: "send_limited",
		MethodDisabled: "method_disabled", TooManyCounted: "too_many_counted",
		NotEmulated: "not_emulated", WrongVerb: "wrong_verb", Overlong: "overlong", Internal: "internal",
	}
	if c < 0 || int(c) >= len(table) {
		return table[BadRequest]
	}
	return table[c]
}

// Conditions lists every condition.
func Conditions() []Condition {
	all := make([]Condition, conditions)
	for i := range all {
		all[i] = Condition(i)
	}
	return all
}

// Answerable tells whether nobody has published all of the answer to the condition,
// so that a project may answer otherwise. What the emulator says of itself is not.
func (c Condition) Answerable() bool {
	switch c { //nolint:exhaustive // the rest follows from the table
	case NotEmulated, WrongVerb, Overlong, Internal:
		return false
	}
	return !c.Failure().StatusSure
}

// General is the condition that this one is a case of. Whoever answers the general one in
// a way of his own means the case too, unless he answers it as well.
func (c Condition) General() (Condition, bool) {
	switch c { //nolint:exhaustive // most conditions are a case of none
	case EmptyToken, EmptyCode, InvalidPhone, InvalidEmail:
		return InvalidField, true
	case UsedOTP, NoOTP, UnknownLoginID:
		return WrongOTP, true
	case UsedToken:
		return TokenExpired, true
	}
	return c, false
}
