package emulator

import "github.com/authbench/authbench/internal/descope"

// plainBody bounds a body that plainTexts reads, in bytes: what is kept of one text keeps
// the whole body.
const plainBody = 1 << 10

// plainTexts reads a short body that holds texts of a request's fields and nothing else,
// without escapes and in ASCII: most bodies are of that kind. Of any other it reads
// nothing and reports false; what is right about that one decode tells.
func plainTexts(body []byte, into any) bool {
	switch in := into.(type) {
	case *descope.SignInRequest:
		return readTexts(body, in, signInText)
	case *descope.VerifyLinkRequest:
		return readTexts(body, in, verifyLinkText)
	case *descope.VerifyCodeRequest:
		return readTexts(body, in, verifyCodeText)
	case *descope.UpdatePhoneRequest:
		return readTexts(body, in, updatePhoneText)
	case *descope.UpdateEmailRequest:
		return readTexts(body, in, updateEmailText)
	}
	return false
}

func signInText(in *descope.SignInRequest, name string) *string {
	switch name {
	case "providerId":
		return &in.ProviderID
	case "ssoAppId":
		return &in.SSOAppID
	case "tenantId":
		return &in.TenantID
	}
	return whoAndWhere(&in.Identity, &in.Redirect, name)
}

func verifyLinkText(in *descope.VerifyLinkRequest, name string) *string {
	if name == "token" {
		return &in.Token
	}
	return nil
}

func verifyCodeText(in *descope.VerifyCodeRequest, name string) *string {
	switch name {
	case "code":
		return &in.Code
	case "tenantId":
		return &in.TenantID
	}
	return whoAndWhere(&in.Identity, nil, name)
}

func updatePhoneText(in *descope.UpdatePhoneRequest, name string) *string {
	if name == "phone" {
		return &in.Phone
	}
	return whoAndWhere(&in.Identity, &in.Redirect, name)
}

func updateEmailText(in *descope.UpdateEmailRequest, name string) *string {
	if name == "email" {
		return &in.Email
	}
	return whoAndWhere(&in.Identity, &in.Redirect, name)
}

// whoAndWhere is the field of a name that requests have in common. No where means
// that the request has none.
func whoAndWhere(who *descope.Identity, where *descope.Redirect, name string) *string {
	switch name {
	case "loginId":
		return &who.LoginID
	case "identifier":
		return &who.Identifier
	}
	if where == nil {
		return nil
	}
	switch name {
	case "redirectUrl":
		return &where.RedirectURL
	case "URI":
		return &where.URI
	}
	return nil
}

// readTexts walks over the body once.
func readTexts[T any](body []byte, into *T, field func(*T, string) *string) bool {
	if len(body) > plainBody {
		return false
	}
	s := textScan{rest: string(body)}
	var none T
	before := *into
	*into = none
	ok := s.members(func(name string) *string { return field(into, name) })
	if !ok {
		*into = before
	}
	return ok
}

// members puts the values of an object of texts into their places.
func (s *textScan) members(place func(name string) *string) bool {
	if !s.skip('{') {
		return false
	}
	if !s.skip('}') {
		for more := true; more; more = s.skip(',') {
			name, ok := s.text()
			if !ok || !s.skip(':') {
				return false
			}
			value, ok := s.text()
			if !ok {
				return false
			}
			into := place(name)
			if into == nil || *into != "" || value == "" {
				return false // a field that is empty could come again unnoticed
			}
			*into = value
		}
		if !s.skip('}') {
			return false
		}
	}
	return !s.skip(0) && s.rest == ""
}

// textScan walks over JSON that it need not know to be valid.
type textScan struct {
	rest string
}

// skip steps over white space, and over the byte if it stands behind it.
func (s *textScan) skip(c byte) bool {
	i := 0
	for i < len(s.rest) && (s.rest[i] == ' ' || s.rest[i] == '\t' || s.rest[i] == '\r' || s.rest[i] == '\n') {
		i++
	}
	s.rest = s.rest[i:]
	if len(s.rest) > 0 && s.rest[0] == c {
		s.rest = s.rest[1:]
		return true
	}
	return false
}

// text steps over a string that stands for itself and gives what is in it.
func (s *textScan) text() (string, bool) {
	if !s.skip('"') {
		return "", false
	}
	for i := range len(s.rest) {
		switch c := s.rest[i]; {
		case c == '"':
			found := s.rest[:i]
			s.rest = s.rest[i+1:]
			return found, true
		case c < ' ' || c >= 0x7f || c == '\\':
			return "", false
		}
	}
	return "", false
}
