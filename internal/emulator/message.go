package emulator

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/sms"
)

// wording is what a request says about its message.
type wording struct {
	templateOptions map[string]string
	templateID      string
	locale          string
	providerID      string
	choices         []choice // of an enchanted link, which the body tells
}

// deliver sends a message on its way, and if it arrives at once notes where the inbox
// stood. Test users get none, as with the service. Exactly one of link and code is set.
func (c *call) deliver(now time.Time, in intent, w wording, link, code string) {
	if in.user.info.Test {
		return
	}
	method := methodOTP
	if code == "" {
		method = linkMethod(&in)
	}
	c.audit(now, descope.ActionLoginStarted, &in.user.info,
		auditRecord{method: method, purpose: in.purpose, tenant: in.login.tenant, app: in.login.ssoApp})
	subject, body, link := compose(w, link, code)
	if in.channel != descope.MethodEmail {
		subject = ""
	}
	m := &message{
		ID:              c.project.random.messageID(),
		Recipient:       in.contact,
		Channel:         string(in.channel),
		Purpose:         in.purpose,
		Subject:         subject,
		Body:            body,
		Link:            link,
		Code:            code,
		CreatedAt:       now.UTC(),
		TemplateOptions: w.templateOptions,
		TemplateID:      w.templateID,
		Locale:          w.locale,
		ProviderID:      w.providerID,
	}
	c.dispatch(now, m)
}

// dispatch hands a message over to be delivered.
func (c *call) dispatch(now time.Time, m *message) {
	if m.Channel == string(descope.MethodSMS) {
		encoding, segments := sms.Count(m.Body)
		m.Encoding, m.Segments = encoding, uint16(min(segments, math.MaxUint16))
	}
	if before, arrived := c.project.delivery.send(now, m, c.deliveryFault()); arrived {
		c.inboxStood = before
	}
}

// stands is the cursor behind every message that arrived.
func (b *inbox) stands() uint64 {
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.arrived
}

// compose writes the message in the language of the locale, or in English. The
// template options stand below it, one line each, as plain text. The link that it gives
// shares the memory of the body where it can.
func compose(w wording, link, code string) (subject, body, shared string) {
	t := textsOf(w.locale)
	switch {
	case len(w.choices) > 0:
		subject, body = t.linkSubject, strings.TrimSpace(t.linkBody)
		for _, c := range w.choices {
			body += "\n" + c.id + " " + c.link
		}
	case link != "":
		subject, body = t.linkSubject, t.linkBody+link
		shared = body[len(t.linkBody):]
	default:
		subject, body = t.codeSubject, code+t.codeBody
	}
	if len(w.templateOptions) == 0 {
		return subject, body, cmp.Or(shared, link)
	}
	lines := []string{body}
	for _, name := range slices.Sorted(maps.Keys(w.templateOptions)) {
		lines = append(lines, plain(name)+": "+plain(w.templateOptions[name]))
	}
	return subject, strings.Join(lines, "\n"), link
}

type texts struct {
	linkSubject, linkBody string
	codeSubject, codeBody string
}

func textsOf(locale string) texts {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	switch language {
	case "de":
		return texts{"Ihr Link", "Ihr Link: ", "Ihr Code", " ist Ihr Code."}
	case "pt":
		return texts{"Seu link", "Seu link: ", "Seu código", " é o seu código."}
	case "fr":
		return texts{"Votre lien", "Votre lien : ", "Votre code", " est votre code."}
	default:
		return texts{"Your link", "Your link: ", "Your code", " is your code."}
	}
}

// plain keeps a value from changing the message around it: no line of its own,
// no invisible characters, no second link.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, s)
	return strings.ReplaceAll(s, "://", ":")
}
