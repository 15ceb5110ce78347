package lang

import "github.com/authbench/authbench/internal/policy"

// tokenArgs are the arguments of an emulator block that shape sessions.
func tokenArgs() []argument[policy.Project] {
	type project = policy.Project
	methods, policies := policy.ResponseMethods(), policy.CookiePolicies()
	return []argument[project]{
		durationArg("session_token_expiration", "Lifetime of a session JWT.",
			func(p *project) *policy.Duration { return &p.SessionTokenExpiration }),
		wordArg("session_token_response_method", methods, "Where a session JWT is handed over: in the body, or in the cookie `DS`.",
			func(p *project) *string { return &p.SessionTokenResponseMethod }),
		wordArg("session_token_cookie_policy", policies, "SameSite of the cookie `DS`.",
			func(p *project) *string { return &p.SessionTokenCookiePolicy }),
		textArg("session_token_cookie_domain", "Domain of the cookie `DS`. Without it the cookie is for the API's host alone.",
			func(p *project) *string { return &p.SessionTokenCookieDomain }),
		durationArg("refresh_token_expiration", "Lifetime of a refresh JWT, and of its session.",
			func(p *project) *policy.Duration { return &p.RefreshTokenExpiration }),
		wordArg("refresh_token_response_method", methods, "Where a refresh JWT is handed over: in the body, or in the cookie `DSR`, which then stands in for one in the bearer.",
			func(p *project) *string { return &p.RefreshTokenResponseMethod }),
		wordArg("refresh_token_cookie_policy", policies, "SameSite of the cookie `DSR`.",
			func(p *project) *string { return &p.RefreshTokenCookiePolicy }),
		textArg("refresh_token_cookie_domain", "Domain of the cookie `DSR`. Without it the cookie is for the API's host alone.",
			func(p *project) *string { return &p.RefreshTokenCookieDomain }),
		boolArg("refresh_token_rotation", "Each refresh replaces the refresh JWT. To use a replaced one ends the session.",
			func(p *project) *bool { return &p.RefreshTokenRotation }),
		choiceArg("refresh_token_reuse_interval"),
		durationArg("step_up_token_expiration", "Lifetime of a session JWT that has the claim `su` of a step-up. A refresh gives one without.",
			func(p *project) *policy.Duration { return &p.StepUpTokenExpiration }),
		boolArg("enable_inactivity", "A session ends when its refresh JWT was not used for `inactivity_time`.",
			func(p *project) *bool { return &p.EnableInactivity }),
		durationArg("inactivity_time", "How long a session may be left alone with `enable_inactivity`.",
			func(p *project) *policy.Duration { return &p.InactivityTime }),
	}
}
