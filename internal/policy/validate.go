package policy

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxLifetime keeps every expiry inside the 32 bits the API has for it.
	maxLifetime = 2 * 365 * 24 * time.Hour
	maxAttempts = 1000
	maxDomains  = 1000
)

// Problem is one fault of a policy.
type Problem struct {
	Setting string // dotted path of JSON names, "otp.attempts"
	Detail  string // what is allowed
}

// String is the problem in one line.
func (p Problem) String() string { return p.Setting + ": " + p.Detail }

// Validate reports every fault, in the order of the fields; nil means that the
// policy can be carried out.
func (p Project) Validate() []Problem {
	var found []Problem
	add := func(setting, format string, args ...any) {
		found = append(found, Problem{Setting: setting, Detail: fmt.Sprintf(format, args...)})
	}
	lifetime := func(setting string, d Duration, least time.Duration) {
		if d.Std() < least || d.Std() > maxLifetime {
			add(setting, "%s is not between %s and %s", d, least, maxLifetime)
		}
	}

	if algs := SigningAlgs(); !slices.Contains(algs, p.SigningAlg) {
		add("signing_alg", "%q is none of %s", p.SigningAlg, strings.Join(algs, ", "))
	}
	if len(p.ApprovedDomains) > maxDomains {
		add("approved_domains", "more than %d domains", maxDomains)
	}
	for i, d := range p.ApprovedDomains {
		if !validDomain(d) {
			add(fmt.Sprintf("approved_domains[%d]", i), "%q is not a host name, such as \"app.example.test\" or \"*.example.test\"", d)
		}
	}
	lifetime("session_token_expiration", p.SessionTokenExpiration, time.Second)
	lifetime("refresh_token_expiration", p.RefreshTokenExpiration, time.Second)
	if p.SessionTokenExpiration > p.RefreshTokenExpiration {
		add("session_token_expiration", "%s is longer than refresh_token_expiration, %s", p.SessionTokenExpiration, p.RefreshTokenExpiration)
	}
	lifetime("otp.expiration_time", p.OTP.ExpirationTime, time.Millisecond)
	if p.OTP.Attempts < 1 || p.OTP.Attempts > maxAttempts {
		add("otp.attempts", "%d is not between 1 and %d", p.OTP.Attempts, maxAttempts)
	}
	if p.OTP.Resend != ResendReplace {
		add("otp.resend", "%q is not supported, only %q is", p.OTP.Resend, ResendReplace)
	}
	lifetime("magic_link.expiration_time", p.MagicLink.ExpirationTime, time.Millisecond)
	if u := p.MagicLink.RedirectURL; !validRedirect(u) {
		add("magic_link.redirect_url", "%q is not an absolute http or https URL", u)
	}
	lifetime("embedded_link.expiration_time", p.EmbeddedLink.ExpirationTime, time.Millisecond)
	return slices.Concat(found, p.Delivery.Validate(), p.Connectors.Validate(), ValidateFaults(p.Faults))
}

func validDomain(d string) bool {
	host := strings.TrimPrefix(d, "*.")
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

func validRedirect(s string) bool {
	u, err := url.Parse(s)
	if err != nil {
		return false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return false
		}
	}
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil
}
