package emulator

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

const maxRedirect = 2048 // bytes

// redirect picks where a link leads: the request's address if it names one and
// the project approves it, else the project's own.
func (p *project) redirect(requested string) (string, error) {
	return p.redirectOr(requested, p.policy().MagicLink.RedirectURL)
}

func (p *project) redirectOr(requested, own string) (string, error) {
	if requested == "" {
		return own, nil
	}
	host, plain := plainHost(requested)
	approved := plain && p.approves(host)
	if !plain {
		u, err := parseRedirect(requested)
		if err != nil {
			return "", err
		}
		if policy.AppScheme(u.Scheme) {
			approved = p.approvesApp(u.Scheme)
		} else {
			approved = p.approves(u.Hostname())
		}
	}
	if !approved {
		return "", refuse(descope.BadRedirect, "The redirectUrl field is outside the approved domains")
	}
	return requested, nil
}

// plainHost gives the host of what nearly every address is: letters, digits and few signs.
// It saves the parser's work.
func plainHost(address string) (host string, ok bool) {
	if len(address) > maxRedirect {
		return "", false
	}
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(address, "http://")
	}
	host, path, _ := strings.Cut(rest, "/")
	return host, ok && host != "" && plainWord(host, "-.") && plainWord(path, "-._~/")
}

func plainWord(s, signs string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte(signs, c) < 0 {
			return false
		}
	}
	return true
}

// parseRedirect reads an address of the web or of an app, or says what is wrong with it.
func parseRedirect(requested string) (*url.URL, error) {
	if len(requested) > maxRedirect || strings.ContainsFunc(requested, forbiddenInURL) {
		return nil, refuse(descope.BadRedirect, "The redirectUrl field is not a valid address")
	}
	u, err := url.Parse(requested)
	if err != nil || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https" && !policy.AppScheme(u.Scheme) {
		return nil, refuse(descope.BadRedirect, "The redirectUrl field must be an http or https address, or one of an app")
	}
	if u.Hostname() == "" {
		return nil, refuse(descope.BadRedirect, "The redirectUrl field must have a hostname")
	}
	if !possiblePort(u.Port()) {
		return nil, refuse(descope.BadRedirect, "The redirectUrl field has an impossible port")
	}
	if u.User != nil {
		return nil, refuse(descope.BadRedirect, "The redirectUrl field must not hold user information")
	}
	return u, nil
}

// possiblePort admits no port, which stands for that of the scheme.
func possiblePort(port string) bool {
	if port == "" {
		return true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && n > 0
}

// forbiddenInURL finds characters that browsers drop or read as something else.
func forbiddenInURL(r rune) bool {
	return r == '\\' || r == unicode.ReplacementChar || unicode.IsSpace(r) || unicode.IsControl(r) ||
		r > unicode.MaxASCII && unicode.Is(unicode.Cf, r)
}

// approves compares whole host names; "*.x" approves every name below x, but
// not x itself. A project without approved domains approves every host.
func (p *project) approves(host string) bool {
	if len(p.policy().ApprovedDomains) == 0 {
		return true
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		return false // EqualFold takes some of them for ASCII letters
	}
	for _, domain := range p.policy().ApprovedDomains {
		if parent, wild := strings.CutPrefix(domain, "*"); wild {
			if len(host) > len(parent) && strings.EqualFold(host[len(host)-len(parent):], parent) {
				return true
			}
		} else if strings.EqualFold(host, domain) {
			return true
		}
	}
	return false
}

// approvesApp looks for the scheme of an app among the approved domains.
func (p *project) approvesApp(scheme string) bool {
	return len(p.policy().ApprovedDomains) == 0 ||
		slices.ContainsFunc(p.policy().ApprovedDomains, func(one string) bool { return strings.EqualFold(one, scheme) })
}

// withToken appends the token as parameter t of the query and leaves every
// other byte alone. Parameters of that name are taken out first: the reader of
// the link must find exactly one.
func withToken(address, token string) string {
	if !strings.ContainsAny(address, "?#") {
		return address + "?t=" + token
	}
	address, fragment, hasFragment := strings.Cut(address, "#")
	base, query, _ := strings.Cut(address, "?")
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if decoded, err := url.QueryUnescape(name); part != "" && (err != nil || decoded != "t") {
			kept = append(kept, part)
		}
	}
	link := base + "?" + strings.Join(append(kept, "t="+token), "&")
	if hasFragment {
		link += "#" + fragment
	}
	return link
}
