package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/contact"
)

const (
	maxLimits   = 100
	maxRequests = 1_000_000_000
	maxRoutes   = 100
	maxUsers    = 10_000
	maxList     = 256
	maxText     = 256 // bytes
)

func (p *Project) limits(f *faults) {
	if len(p.Limits) > maxLimits {
		f.add("limit", "more than %d limits", maxLimits)
		return
	}
	if len(p.Limits) > 0 && p.RateLimit == RateLimitOff {
		f.add("limit[0]", "no limit is in force with rate_limit = %q; use %q or %q", RateLimitOff, RateLimitCustom, RateLimitDescope)
	}
	if len(p.Limits) == 0 && p.RateLimit == RateLimitCustom {
		f.add("rate_limit", "%q needs a limit", RateLimitCustom)
	}
	names := map[string]bool{}
	for i := range p.Limits {
		l, at := &p.Limits[i], fmt.Sprintf("limit[%d]", i)
		f.unique(at+".name", l.Name, names)
		f.word(at+".by", l.By, LimitKeys())
		f.number(at+".requests", l.Requests, 1, maxRequests)
		f.span(at+".window", l.Window, time.Millisecond, maxLifetime)
		f.span(at+".backoff", l.Backoff, 0, maxLifetime)
		f.routes(at+".routes", l.Routes)
		f.routes(at+".except", l.Except)
	}
}

func (f *faults) unique(setting, name string, seen map[string]bool) {
	switch {
	case name == "" || len(name) > maxText:
		f.add(setting, "it is empty or longer than %d bytes", maxText)
	case seen[name]:
		f.add(setting, "%q is there twice", name)
	}
	seen[name] = true
}

func (f *faults) routes(setting string, patterns []string) {
	if len(patterns) > maxRoutes {
		f.add(setting, "more than %d routes", maxRoutes)
	}
	for i, pattern := range patterns {
		if star := strings.IndexByte(pattern, '*'); !strings.HasPrefix(pattern, "/") || star >= 0 && star != len(pattern)-1 {
			f.add(fmt.Sprintf("%s[%d]", setting, i), "%q is not a path, such as \"/v1/auth/otp/verify/sms\" or \"/v1/auth/*\"", pattern)
		}
	}
}

// users tells of what would make one of them impossible, alone or beside another.
func (p *Project) users(f *faults) {
	if len(p.Users) > maxUsers {
		f.add("user", "more than %d users", maxUsers)
		return
	}
	names, logins := map[string]bool{}, map[loginPlace]string{}
	for i := range p.Users {
		u, at := &p.Users[i], fmt.Sprintf("user[%d]", i)
		f.unique(at+".key", u.Key, names)
		login := contact.Login(u.Login())
		switch other, taken := p.place(logins, login, u); {
		case login == "":
			f.add(at, "it needs a login_id, a phone or an email")
		case len(u.LoginID) > maxText:
			f.add(at+".login_id", "it is longer than %d bytes", maxText)
		case taken:
			f.add(at, "user %q has the login ID %q already", other, login)
		}
		if _, ok := contact.Phone(u.Phone); u.Phone != "" && !ok {
			f.add(at+".phone", "%q is not a phone number, such as \"+15555550101\"", u.Phone)
		}
		if u.VerifiedPhone && u.Phone == "" {
			f.add(at+".verified_phone", "there is no phone")
		}
		if _, ok := contact.Email(u.Email); u.Email != "" && !ok {
			f.add(at+".email", "%q is not a mail address", u.Email)
		}
		if u.VerifiedEmail && u.Email == "" {
			f.add(at+".verified_email", "there is no email")
		}
		if len(u.Name) > maxText {
			f.add(at+".name", "it is longer than %d bytes", maxText)
		}
		if u.Status != "" {
			f.word(at+".status", u.Status, Statuses())
		}
		f.texts(at+".roles", u.Roles)
		f.texts(at+".tenants", u.Tenants)
	}
}

// texts wants a list of names that are all different.
func (f *faults) texts(setting string, list []string) {
	if len(list) > maxList {
		f.add(setting, "more than %d entries", maxList)
	}
	for i, text := range list {
		if text == "" || len(text) > maxText || slices.Contains(list[:i], text) {
			f.add(fmt.Sprintf("%s[%d]", setting, i), "%q is empty, there twice or longer than %d bytes", text, maxText)
		}
	}
}
