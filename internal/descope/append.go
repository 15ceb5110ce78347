package descope

import "encoding/json"

// The requests of the flows write themselves: they are sent once for each step of a load
// run. AppendJSON appends what encoding/json makes of the request; what is rare in it
// goes through encoding/json.

// AppendJSON appends the request as JSON.
func (r SignInRequest) AppendJSON(b []byte) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.identity(r.Identity)
	o.redirect(r.Redirect)
	if r.LoginOptions != nil {
		o.any("loginOptions", r.LoginOptions)
	}
	o.text("providerId", r.ProviderID)
	o.text("ssoAppId", r.SSOAppID)
	o.flag("useRecovery", r.UseRecovery)
	o.text("tenantId", r.TenantID)
	return o.end()
}

// AppendJSON appends the request as JSON.
func (r SignUpRequest) AppendJSON(b []byte) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.identity(r.Identity)
	o.redirect(r.Redirect)
	o.text("phone", r.Phone)
	o.text("email", r.Email)
	o.text("whatsapp", r.WhatsApp)
	o.text("voice", r.Voice)
	if r.User != nil {
		o.any("user", r.User)
	}
	o.text("providerId", r.ProviderID)
	o.text("tenantId", r.TenantID)
	if r.LoginOptions != nil {
		o.any("loginOptions", r.LoginOptions)
	}
	return o.end()
}

// AppendJSON appends the request as JSON.
func (r UpdatePhoneRequest) AppendJSON(b []byte) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.identity(r.Identity)
	o.redirect(r.Redirect)
	o.text("phone", r.Phone)
	o.update(&r.UpdateOptions)
	return o.end()
}

// AppendJSON appends the request as JSON.
func (r UpdateEmailRequest) AppendJSON(b []byte) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.identity(r.Identity)
	o.redirect(r.Redirect)
	o.text("email", r.Email)
	o.update(&r.UpdateOptions)
	return o.end()
}

// AppendJSON appends the request as JSON.
func (r VerifyLinkRequest) AppendJSON(b []byte) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.text("token", r.Token)
	return o.end()
}

// AppendJSON appends the request as JSON.
func (r VerifyCodeRequest) AppendJSON(b []byte) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.identity(r.Identity)
	o.text("code", r.Code)
	o.text("tenantId", r.TenantID)
	return o.end()
}

// AppendJSON appends the request as JSON.
func (r RefreshRequest) AppendJSON(b []byte) ([]byte, error) {
	o := object{b: append(b, '{')}
	o.text("externalToken", r.ExternalToken)
	return o.end()
}

// object writes the members of an object that are not empty.
type object struct {
	b    []byte
	some bool
	err  error
}

// name writes the name of a member, which needs no escapes.
func (o *object) name(name string) {
	if o.some {
		o.b = append(o.b, ',')
	}
	o.some = true
	o.b = append(o.b, '"')
	o.b = append(o.b, name...)
	o.b = append(o.b, '"', ':')
}

func (o *object) text(name, s string) {
	if s == "" {
		return
	}
	o.name(name)
	if !literal(s) {
		o.value(s)
		return
	}
	o.b = append(o.b, '"')
	o.b = append(o.b, s...)
	o.b = append(o.b, '"')
}

// literal reports whether encoding/json writes the text as it is.
func literal(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c >= 0x7f, c == '"', c == '\\', c == '<', c == '>', c == '&':
			return false
		}
	}
	return true
}

func (o *object) flag(name string, on bool) {
	if on {
		o.name(name)
		o.b = append(o.b, "true"...)
	}
}

func (o *object) any(name string, v any) {
	o.name(name)
	o.value(v)
}

func (o *object) value(v any) {
	raw, err := json.Marshal(v)
	if err != nil && o.err == nil {
		o.err = err
	}
	o.b = append(o.b, raw...)
}

func (o *object) identity(i Identity) {
	o.text("loginId", i.LoginID)
	o.text("identifier", i.Identifier)
}

func (o *object) redirect(r Redirect) {
	o.text("redirectUrl", r.RedirectURL)
	o.text("URI", r.URI)
}

func (o *object) update(u *UpdateOptions) {
	o.flag("addToLoginIDs", u.AddToLoginIDs)
	o.flag("onMergeUseExisting", u.OnMergeUseExisting)
	o.flag("failOnConflict", u.FailOnConflict)
	o.flag("mfa", u.MFA)
	if len(u.TemplateOptions) > 0 {
		o.any("templateOptions", u.TemplateOptions)
	}
	o.text("templateId", u.TemplateID)
	o.text("locale", u.Locale)
	o.text("providerId", u.ProviderID)
}

func (o *object) end() ([]byte, error) { return append(o.b, '}'), o.err }
