package policy

import "time"

const (
	maxRepeat     = 24 * time.Hour
	maxMasked     = 64 // characters that a mask shows, or stars
	fewestDigits  = 4
	mostDigits    = 10
	threeMinutes  = 3 * time.Minute
	leastLifetime = time.Millisecond
)

// Choices is the table of what nobody has published of the service, but for answers to
// refusals, whose table is Conditions. Nothing of it is decided anywhere else.
func Choices() []Choice {
	return append(sharedChoices(), unpublishedChoices()...)
}

// sharedChoices have their place among settings that the vendor has, or beside them.
func sharedChoices() []Choice {
	return []Choice{
		oneOf("signing_alg", SigningAlgs(), func(p *Project) *string { return &p.SigningAlg },
			"Algorithm that tokens are signed with."),
		span("refresh_token_reuse_interval", 0, 0, maxReuse, func(p *Project) *Duration { return &p.RefreshTokenReuseInterval },
			"How long a replaced refresh JWT still gets the answer that replaced it. Without it not at all."),
		oneOf("retry_after", RetryAfters(), func(p *Project) *string { return &p.RetryAfter },
			"Form of the header Retry-After of a 429: whole seconds, an HTTP date by the project's clock, or no header."),
		span("otp.expiration_time", threeMinutes, leastLifetime, maxLifetime, func(p *Project) *Duration { return &p.OTP.ExpirationTime },
			"Lifetime of a code, from its send."),
		number("otp.digits", 6, fewestDigits, mostDigits, func(p *Project) *int { return &p.OTP.Digits },
			"Digits of a code that is made up, 4 to 10. Codes that were sent keep theirs."),
		oneOf("otp.resend", Resends(), func(p *Project) *string { return &p.OTP.Resend },
			"What a second code does to the first: take its place, or live beside it on one budget of attempts for the user and channel."),
		number("otp.attempts", 5, 1, maxAttempts, func(p *Project) *int { return &p.OTP.Attempts },
			"Wrong codes that lock a code."),
		number("otp.window_attempts", 0, 0, maxAttempts, func(p *Project) *int { return &p.OTP.WindowAttempts },
			"Wrong codes that lock all codes sent to a recipient until `attempts_window` ends, whatever is sent meanwhile. 0 sets no bound."),
		span("otp.attempts_window", 0, 0, maxLifetime, func(p *Project) *Duration { return &p.OTP.AttemptsWindow },
			"Time, from the first wrong code, in which `window_attempts` counts."),
		span("magic_link.expiration_time", threeMinutes, leastLifetime, maxLifetime, func(p *Project) *Duration { return &p.MagicLink.ExpirationTime },
			"Lifetime of a link, from its send."),
		span("embedded_link.expiration_time", time.Minute, leastLifetime, maxLifetime, func(p *Project) *Duration { return &p.EmbeddedLink.ExpirationTime },
			"Lifetime of a link whose request names no timeout."),
		span("enchanted_link.expiration_time", threeMinutes, leastLifetime, maxLifetime, func(p *Project) *Duration { return &p.EnchantedLink.ExpirationTime },
			"Lifetime of a link, from its send."),
	}
}

func unpublishedChoices() []Choice {
	type choices = *Unpublished
	of := func(p *Project) choices { return &p.Unpublished }
	return []Choice{
		oneOf("unpublished.user_made", []string{MadeAtVerify, MadeAtSend}, func(p *Project) *string { return &of(p).UserMade },
			"When a sign-up makes its user: once its message is verified, or as an invited and unverified one when it is sent."),
		oneOf("unpublished.update_tokens", []string{TokensAlways, TokensSameUser, TokensNever}, func(p *Project) *string { return &of(p).UpdateTokens },
			"Whether the verification of an update opens a session and answers with its tokens: always, unless the user who asked was merged into another, or never."),
		whether("unpublished.update_notifies", false, func(p *Project) *bool { return &of(p).UpdateNotifies },
			"The old phone or mail address gets a message when an update has replaced it."),
		whether("unpublished.update_revokes_sessions", false, func(p *Project) *bool { return &of(p).UpdateRevokesSessions },
			"A verified update ends the sessions of the user but for the one that asked for it."),
		whether("unpublished.update_ends_older", false, func(p *Project) *bool { return &of(p).UpdateEndsOlder },
			"A request to update the phone, or the mail address, ends the links and codes of earlier ones."),
		oneOf("unpublished.logout_ends", []string{EndsNone, EndsUpdates, EndsAll}, func(p *Project) *string { return &of(p).LogoutEnds },
			"Links and codes of the user that a logout ends, also one of all sessions or by the management: none, those of updates, or all."),
		span("unpublished.repeat_within", 0, 0, maxRepeat, func(p *Project) *Duration { return &of(p).RepeatWithin },
			"How long the second verification of a link or code gets the answer of the first once more. With 0 it is refused."),
		number("unpublished.mask_phone_start", 0, 0, maxMasked, func(p *Project) *int { return &of(p).MaskPhoneStart },
			"Characters of a phone that a masked one shows at its start. A short phone shows two at most, and none shows all."),
		number("unpublished.mask_phone_end", 4, 0, maxMasked, func(p *Project) *int { return &of(p).MaskPhoneEnd },
			"Characters that it shows at its end."),
		number("unpublished.mask_phone_stars", 0, 0, maxMasked, func(p *Project) *int { return &of(p).MaskPhoneStars },
			"Stars that stand for the rest; 0 is one for each character."),
		number("unpublished.mask_email_start", 1, 0, maxMasked, func(p *Project) *int { return &of(p).MaskEmailStart },
			"Characters of a mail address that a masked one shows before the stars. The domain is shown."),
		number("unpublished.mask_email_stars", 4, 0, maxMasked, func(p *Project) *int { return &of(p).MaskEmailStars },
			"Stars that stand for the rest; 0 is one for each character."),
		oneOf("unpublished.unknown_fields", []string{FieldsIgnored, FieldsRefused}, func(p *Project) *string { return &of(p).UnknownFields },
			"What becomes of fields of a body that its request does not have."),
		oneOf("unpublished.duplicate_fields", []string{FieldsRefused, FieldsLast}, func(p *Project) *string { return &of(p).DuplicateFields },
			"What becomes of a body with two fields of one name: it is refused, or the last counts."),
		texts("unpublished.providers", func(p *Project) *[]string { return &of(p).Providers },
			"What a providerId may be. Empty takes any."),
	}
}
