package emulator

import (
	"encoding/json"
	"strings"
	"unicode"

	"github.com/authbench/authbench/internal/contact"
	"github.com/authbench/authbench/internal/descope"
)

// Bounds of what a request may make the emulator keep.
const (
	maxText      = 1024 // bytes of a name or an option
	maxOptions   = 4096 // bytes of all templateOptions
	maxClaims    = 4096 // bytes of custom claims or attributes as JSON
	maxListItems = 256
)

// checkLogin returns the normal form of a login ID.
func checkLogin(login string) (string, error) {
	login = contact.Login(login)
	if login == "" {
		return "", required("loginId")
	}
	if len(login) > maxLoginID || strings.ContainsFunc(login, unicode.IsControl) {
		return "", invalid("loginId", "is too long or holds control characters")
	}
	return login, nil
}

func contactField(m descope.Method) string {
	if m == descope.MethodEmail {
		return "email"
	}
	return "phone"
}

// checkContact returns the normal form of an address of the channel.
func checkContact(m descope.Method, contact string) (string, error) {
	field := contactField(m)
	if contact == "" {
		return "", required(field)
	}
	normal, ok := normalContact(m, contact)
	switch {
	case ok:
		return normal, nil
	case m == descope.MethodEmail:
		return "", refuse(descope.InvalidEmail, "")
	}
	return "", refuse(descope.InvalidPhone, "")
}

// checkProfile returns the profile with one name and its addresses in normal form.
func checkProfile(u *descope.SignUpUser) (descope.SignUpUser, error) {
	if u == nil {
		return descope.SignUpUser{}, nil
	}
	profile := *u
	profile.Name, profile.DisplayName = profile.FullName(), ""
	if err := checkTexts("user", profile.Name, profile.GivenName, profile.MiddleName, profile.FamilyName); err != nil {
		return profile, err
	}
	addresses := []struct {
		value *string
		kind  descope.Method
	}{
		{&profile.Phone, descope.MethodSMS}, {&profile.RecoveryPhone, descope.MethodSMS},
		{&profile.Email, descope.MethodEmail}, {&profile.RecoveryEmail, descope.MethodEmail},
	}
	for _, a := range addresses {
		if *a.value == "" {
			continue
		}
		var err error
		if *a.value, err = checkContact(a.kind, *a.value); err != nil {
			return profile, err
		}
	}
	return profile, nil
}

// checkSignUpOptions refuses what a sign-up has no use for.
func checkSignUpOptions(o descope.LoginOptions) error {
	if o.StepUp || o.MFA || o.RevokeOtherSessions {
		return invalid("loginOptions", "of a sign-up takes no stepup, mfa or revokeOtherSessions")
	}
	return checkOptions(o)
}

func checkOptions(o descope.LoginOptions) error {
	if _, err := sessionTypes("revokeOtherSessionsTypes", o.RevokeOtherSessionsTypes); err != nil {
		return err
	}
	if err := checkDocument("customClaims", o.CustomClaims); err != nil {
		return err
	}
	return checkWording(o.TemplateOptions, o.TemplateID, o.Locale, o.SSOAppID, o.TenantID)
}

const maxSessionTypes = 20

// sessionTypes are the types of sessions that a request names, which a session has by
// its claim "dtt".
func sessionTypes(field string, sent []string) ([]string, error) {
	if len(sent) == 0 {
		return nil, nil
	}
	if len(sent) > maxSessionTypes {
		return nil, invalid(field, "has too many entries")
	}
	types := make([]string, 0, len(sent))
	for _, s := range sent {
		if s = strings.TrimSpace(s); s == "" || len(s) > maxText {
			return nil, invalid(field, "has an entry that is empty or too long")
		}
		types = append(types, s)
	}
	return types, nil
}

// checkWording bounds what a message will keep.
func checkWording(options map[string]string, others ...string) error {
	size := 0
	for name, value := range options {
		size += len(name) + len(value)
	}
	if size > maxOptions {
		return invalid("templateOptions", "is too large")
	}
	return checkTexts("loginOptions", others...)
}

func checkTexts(field string, values ...string) error {
	for _, v := range values {
		if len(v) > maxText {
			return invalid(field, "holds a text that is too long")
		}
	}
	return nil
}

func checkDocument(field string, document map[string]any) error {
	if len(document) == 0 {
		return nil
	}
	text, err := json.Marshal(document)
	if err != nil || len(text) > maxClaims {
		return invalid(field, "is too large")
	}
	return nil
}
