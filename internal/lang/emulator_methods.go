package lang

import "github.com/authbench/authbench/internal/policy"

func otpBlock() emulatorBlock {
	type otp = policy.OTP
	return once("otp", "One-time codes.", []argument[otp]{
		boolArg("disabled", "Refuses the method with status 403.", func(o *otp) *bool { return &o.Disabled }),
		durationArg("expiration_time", "Lifetime of a code, from its send.", func(o *otp) *policy.Duration { return &o.ExpirationTime }),
		wordArg("resend", policy.Resends(), "What a second code does to the first: take its place, or live beside it on one budget of attempts for the user and channel.",
			func(o *otp) *string { return &o.Resend }),
		intArg("attempts", 1, "Wrong codes that lock a code.", func(o *otp) *int { return &o.Attempts }),
		intArg("window_attempts", 0, "Wrong codes that lock all codes sent to a recipient until `attempts_window` ends, whatever is sent meanwhile. 0 sets no bound.",
			func(o *otp) *int { return &o.WindowAttempts }),
		durationArg("attempts_window", "Time, from the first wrong code, in which `window_attempts` counts.",
			func(o *otp) *policy.Duration { return &o.AttemptsWindow }),
	}, func(p *policy.Project) *otp { return &p.OTP })
}

func magicLinkBlock() emulatorBlock {
	type link = policy.MagicLink
	return once("magic_link", "Magic links.", []argument[link]{
		boolArg("disabled", "Refuses the method with status 403.", func(m *link) *bool { return &m.Disabled }),
		durationArg("expiration_time", "Lifetime of a link, from its send.", func(m *link) *policy.Duration { return &m.ExpirationTime }),
		textArg("redirect_url", "Where a link leads when a request names nothing.", func(m *link) *string { return &m.RedirectURL }),
	}, func(p *policy.Project) *link { return &p.MagicLink })
}

func embeddedLinkBlock() emulatorBlock {
	type link = policy.EmbeddedLink
	return once("embedded_link", "Embedded links.", []argument[link]{
		boolArg("disabled", "Refuses the method with status 403.", func(m *link) *bool { return &m.Disabled }),
		durationArg("expiration_time", "Lifetime of a link whose request names no timeout.", func(m *link) *policy.Duration { return &m.ExpirationTime }),
	}, func(p *policy.Project) *link { return &p.EmbeddedLink })
}

func enchantedLinkBlock() emulatorBlock {
	type link = policy.EnchantedLink
	return once("enchanted_link", "Enchanted links.", []argument[link]{
		boolArg("disabled", "Refuses the method with status 403.", func(m *link) *bool { return &m.Disabled }),
		durationArg("expiration_time", "Lifetime of a link, from its send.", func(m *link) *policy.Duration { return &m.ExpirationTime }),
		textArg("redirect_url", "Where a link leads when a request names nothing.", func(m *link) *string { return &m.RedirectURL }),
	}, func(p *policy.Project) *link { return &p.EnchantedLink })
}
