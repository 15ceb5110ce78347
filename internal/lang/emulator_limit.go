package lang

import "github.com/authbench/authbench/internal/policy"

// rateLimitArgs are the arguments of an emulator block that go with its limits.
func rateLimitArgs() []argument[policy.Project] {
	return []argument[policy.Project]{
		wordArg("rate_limit", policy.RateLimits(), "Which limits are in force: none, those that Descope publishes and those of the `limit` blocks, or the latter alone.",
			func(p *policy.Project) *string { return &p.RateLimit }),
		choiceArg("retry_after"),
		wordArg("rate_limit_tier", policy.RateLimitTiers(), "What the license handshake answers; it limits nothing.",
			func(p *policy.Project) *string { return &p.RateLimitTier }),
	}
}

func limitBlock() emulatorBlock {
	type limit = policy.Limit
	const doc = "A rate limit. Its window opens with the first request and lasts for its full time; what comes on top is refused with status 429 " +
		"until it ends, and until the back-off has passed since the first refusal. Refused requests are not counted. A request counts for every limit " +
		"that covers its path; a refused one has sent nothing and used nothing up."
	return many("limit", doc, []argument[limit]{
		needed(wordArg("by", policy.LimitKeys(), "What is counted apart: requests of an IP address or of the project, messages to a recipient or to all of them.",
			func(l *limit) *string { return &l.By })),
		needed(intArg("requests", 1, "Requests, or messages, in a window.", func(l *limit) *int { return &l.Requests })),
		needed(durationArg("window", "Length of a window.", func(l *limit) *policy.Duration { return &l.Window })),
		durationArg("backoff", "How long everything is refused, at least, from the first refusal on.", func(l *limit) *policy.Duration { return &l.Backoff }),
		textsArg("routes", "Paths that count, whole or as a beginning with `*` at its end. Empty counts all.", func(l *limit) *[]string { return &l.Routes }),
		textsArg("except", "Paths of `routes` that do not count.", func(l *limit) *[]string { return &l.Except }),
	}, func(label string) limit { return limit{Name: label, Routes: []string{}, Except: []string{}} },
		func(p *policy.Project) *[]limit { return &p.Limits })
}
