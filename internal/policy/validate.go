package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// maxLifetime keeps every expiry inside the 32 bits the API has for it.
	maxLifetime = 2 * 365 * 24 * time.Hour
	maxReuse    = time.Hour
	maxAttempts = 1000
	maxDomains  = 1000
	maxJournal  = 1_000_000
)

// MaxSeed bounds the seeds of projects. Every reader of JSON reads it exactly.
const MaxSeed = 1 << 53

// Problem is one fault of a policy.
type Problem struct {
	Setting string // dotted path of JSON names, "otp.attempts"
	Detail  string // what is allowed
}

// String is the problem in one line.
func (p Problem) String() string { return p.Setting + ": " + p.Detail }

// faults collects problems.
type faults []Problem

func (f *faults) add(setting, format string, args ...any) {
	*f = append(*f, Problem{Setting: setting, Detail: fmt.Sprintf(format, args...)})
}

func (f *faults) span(setting string, d Duration, least, most time.Duration) {
	if d.Std() < least || d.Std() > most {
		f.add(setting, "%s is not between %s and %s", d, least, most)
	}
}

func (f *faults) word(setting, text string, words []string) {
	if !slices.Contains(words, text) {
		f.add(setting, "%q is none of %s", text, strings.Join(words, ", "))
	}
}

func (f *faults) number(setting string, n, least, most int) {
	if n < least || n > most {
		f.add(setting, "%d is not between %d and %d", n, least, most)
	}
}

// Validate reports every fault, always in the same order; nil means that the policy can be
// carried out.
func (p Project) Validate() []Problem {
	var f faults
	for _, c := range Choices() {
		c.check(&p, &f)
	}
	if p.Seed != nil && *p.Seed > MaxSeed {
		f.add("seed", "%d is greater than %d", *p.Seed, uint64(MaxSeed))
	}
	if len(p.ApprovedDomains) > maxDomains {
		f.add("approved_domains", "more than %d domains", maxDomains)
	}
	for i, d := range p.ApprovedDomains {
		if !validDomain(strings.TrimPrefix(d, "*.")) && !validScheme(d) {
			f.add(fmt.Sprintf("approved_domains[%d]", i), "%q is not a host name, such as \"app.example.test\" or \"*.example.test\", nor the scheme of an app", d)
		}
	}
	p.tokens(&f)
	p.testUsers(&f)
	f.word("rate_limit", p.RateLimit, RateLimits())
	p.methods(&f)
	p.limits(&f)
	p.users(&f)
	p.answers(&f)
	f.word("rate_limit_tier", p.RateLimitTier, RateLimitTiers())
	f.number("journal", p.Journal, 0, maxJournal)
	return slices.Concat(f, p.Delivery.Validate(), p.Connectors.Validate(), ValidateFaults(p.Faults))
}

func (p *Project) tokens(f *faults) {
	f.span("session_token_expiration", p.SessionTokenExpiration, time.Second, maxLifetime)
	if p.SessionTokenExpiration > p.RefreshTokenExpiration {
		f.add("session_token_expiration", "%s is longer than refresh_token_expiration, %s", p.SessionTokenExpiration, p.RefreshTokenExpiration)
	}
	f.cookie("session_token", p.SessionTokenResponseMethod, p.SessionTokenCookiePolicy, p.SessionTokenCookieDomain)
	f.span("refresh_token_expiration", p.RefreshTokenExpiration, time.Second, maxLifetime)
	f.cookie("refresh_token", p.RefreshTokenResponseMethod, p.RefreshTokenCookiePolicy, p.RefreshTokenCookieDomain)
	if p.RefreshTokenReuseInterval > 0 && !p.RefreshTokenRotation {
		f.add("refresh_token_reuse_interval", "no token is replaced without refresh_token_rotation")
	}
	f.span("step_up_token_expiration", p.StepUpTokenExpiration, time.Second, maxLifetime)
	f.span("inactivity_time", p.InactivityTime, time.Second, maxLifetime)
}

func (f *faults) cookie(token, method, sameSite, domain string) {
	f.word(token+"_response_method", method, ResponseMethods())
	f.word(token+"_cookie_policy", sameSite, CookiePolicies())
	if domain != "" && !validDomain(domain) {
		f.add(token+"_cookie_domain", "%q is not a host name, such as \"example.test\"", domain)
	}
}

func (p *Project) methods(f *faults) {
	switch {
	case p.OTP.WindowAttempts > 0 && p.OTP.AttemptsWindow < Duration(time.Millisecond):
		f.add("otp.attempts_window", "window_attempts needs a time of 1ms or more")
	case p.OTP.WindowAttempts == 0 && p.OTP.AttemptsWindow > 0:
		f.add("otp.attempts_window", "nothing is counted in it without window_attempts")
	}
	f.redirect("magic_link.redirect_url", p.MagicLink.RedirectURL)
	f.redirect("enchanted_link.redirect_url", p.EnchantedLink.RedirectURL)
}

func (f *faults) redirect(setting, address string) {
	if !validRedirect(address) {
		f.add(setting, "%q is not an absolute http or https URL, or one of an app", address)
	}
}

func validDomain(host string) bool {
	if host == "" || len(host) > 253 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
				return false
			}
		}
	}
	return true
}
