package runner

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
)

// The bounds of evidence, in bytes.
const (
	maxBody = 4 << 10
	maxLine = 600
	maxText = 2 << 10
)

// seal writes the verdict and the steps, without anything secret. It comes last,
// when all secrets of the iteration are known: what is secret in a later step may
// stand in an earlier answer.
func (it *iteration) seal(out *result.Iteration) {
	scrub := sealer{run: it.run.scrubber, of: it}
	v := it.verdict
	out.Outcome, out.Reason = v.outcome, v.reason
	out.Step, out.Message = v.step, scrub.short(v.message)
	for i := range out.Outputs {
		out.Outputs[i].Value = scrub.output(out.Outputs[i].Value)
	}
	out.Steps = slices.Grow(out.Steps, len(it.records))
	for _, rec := range it.records {
		scrub.step(rec)
		out.Steps = append(out.Steps, rec.Step)
	}
}

// gather collects the texts that this iteration must not show.
func (it *iteration) gather() []string {
	out := it.secrets
	for _, rec := range it.records {
		kind := rec.source.Kind
		if kind == nil {
			continue
		}
		out = rec.call.secrets(kind.Args, out)
		out = rec.answerSecrets(out)
		if rec.Outcome <= result.Success || kind.Secrets == nil {
			continue
		}
		// Bodies that are going to be shown give some away by their names.
		for _, e := range rec.evidence {
			out = append(out, kind.Secrets(e.RequestBody)...)
			out = append(out, kind.Secrets(e.ResponseBody)...)
		}
	}
	it.secrets = out
	slices.Sort(out)
	return slices.Compact(out)
}

// answerSecrets appends what is secret in the last answer.
func (rec *record) answerSecrets(out []string) []string {
	out = append(out, rec.reply.Secrets...)
	for i := range rec.source.results {
		a := &rec.source.results[i]
		if !a.own || !a.Sensitive {
			continue
		}
		if v := rec.reply.Value(a.Name); v != cty.NilVal {
			out = eval.Texts(v, out)
		}
	}
	return out
}

// sealer takes secrets out of an iteration's texts. The secrets of the iteration are
// looked for in its own texts alone: a code of six digits must not blank the numbers
// of others. They are gathered when there is a text that may hold one: most
// iterations under load leave none.
type sealer struct {
	run *secret.Scrubber
	of  *iteration

	gathered bool
	known    []string         // beyond those of run
	all      *secret.Scrubber // of run and known
}

func (c *sealer) secrets() []string {
	if !c.gathered {
		c.known, c.gathered = c.of.gather(), true
	}
	return c.known
}

func (c *sealer) iteration() *secret.Scrubber {
	if c.all == nil {
		c.all = c.run.With(c.secrets()...)
	}
	return c.all
}

// step takes secrets out of a record.
func (c *sealer) step(rec *record) {
	good := rec.Outcome <= result.Success
	for i := range rec.Exchanges {
		x := &rec.Exchanges[i]
		x.ErrorCode = c.short(x.ErrorCode)
		if good && c.of.run.lends && c.of.verdict.outcome <= result.Success {
			// Nobody reads them, and there are very many.
			x.URL, x.RequestID = "", ""
			continue
		}
		x.URL, x.RequestID = c.url(rec.source, x), c.short(x.RequestID)
		if !good {
			x.Request, x.Response = c.body(rec.evidence[i].RequestBody), c.body(rec.evidence[i].ResponseBody)
		}
	}
	rec.ErrorCode, rec.Message = c.short(rec.ErrorCode), c.short(rec.Message)
	if len(rec.Diagnostics) > 0 {
		rec.Diagnostics = c.diagnostics(rec)
	}
}

// url scrubs what an iteration can have put into an address: nothing in one that
// ends in its endpoint. Such a one is most often the same as the time before.
func (c *sealer) url(s *step, x *result.Exchange) string {
	if !strings.HasPrefix(x.Endpoint, "/") || !strings.HasSuffix(x.URL, x.Endpoint) {
		return c.short(x.URL)
	}
	if last := s.url.Load(); last != nil && last.raw == x.URL {
		return last.clean
	}
	clean := c.run.Scrub(x.URL)
	s.url.Store(&address{x.URL, clean})
	return clean
}

// address is one as it was sent and as it may be shown.
type address struct{ raw, clean string }

// short scrubs a text that is most often little; a success leaves some behind too.
// A secret that is longer than the text can not be in it, and looking for a token in
// all its forms would cost more than the rest of the iteration.
func (c *sealer) short(s string) string {
	if s == "" {
		return ""
	}
	var fit []string
	for _, v := range c.secrets() {
		// What a secret decides of a base64 text may be a little shorter than itself.
		if len(v) >= secret.MinLength && len(v) <= len(s)+2 {
			fit = append(fit, v)
		}
	}
	scrub := c.run
	if len(fit) > 0 {
		scrub = scrub.With(fit...)
	}
	return cut(scrub.Scrub(strings.ToValidUTF8(s, "\uFFFD")), maxText)
}

// body scrubs before it cuts: half a secret is not found.
func (c *sealer) body(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return cut(c.iteration().Scrub(strings.ToValidUTF8(string(b), "\uFFFD")), maxBody)
}

// diagnostics adds where they happened and, to the first, what went over the wire.
func (c *sealer) diagnostics(rec *record) diag.List {
	out := slices.Clone(rec.Diagnostics)
	for i := range out {
		d := &out[i]
		if i == 0 && len(rec.Exchanges) > 0 {
			d.Sections = append(slices.Clip(d.Sections), response(rec.Exchanges))
		}
		d.Address = fmt.Sprintf("%s, iteration %d", rec.source.address, c.of.arrival.id)
		d.Detail = c.short(d.Detail)
		d.Snippet = c.snippet(d.Snippet)
		d.Values = slices.Clone(d.Values)
		for j := range d.Values {
			d.Values[j].Traversal, d.Values[j].Statement = c.line(d.Values[j].Traversal), c.line(d.Values[j].Statement)
		}
		d.Sections = slices.Clone(d.Sections)
		for j := range d.Sections {
			lines := slices.Clone(d.Sections[j].Lines)
			for k := range lines {
				lines[k] = c.line(lines[k])
			}
			d.Sections[j].Lines = lines
		}
	}
	return out
}

func (c *sealer) line(s string) string {
	return cut(c.iteration().Scrub(strings.ToValidUTF8(s, "\uFFFD")), maxLine)
}

// output keeps to JSON: a secret that was a number leaves no number behind.
func (c *sealer) output(raw json.RawMessage) json.RawMessage {
	clean := json.RawMessage(c.iteration().Scrub(string(raw)))
	if !json.Valid(clean) {
		return quoted(secret.Mask)
	}
	return clean
}

// snippet keeps the highlight where it belongs when the source itself holds a secret.
func (c *sealer) snippet(from *diag.Snippet) *diag.Snippet {
	if from == nil {
		return nil
	}
	s := *from
	s.Context = c.iteration().Scrub(s.Context)
	s.Code = c.iteration().Scrub(from.Code)
	if s.Code == from.Code {
		return &s
	}
	before := c.iteration().Scrub(from.Code[:from.HighlightStart])
	marked := c.iteration().Scrub(from.Code[from.HighlightStart:from.HighlightEnd])
	s.HighlightStart, s.HighlightEnd = len(before), len(before)+len(marked)
	if !strings.HasPrefix(s.Code, before+marked) {
		s.HighlightStart, s.HighlightEnd = 0, len(s.Code)
	}
	return &s
}

// cut bounds a text at the end of a character.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	end := limit
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return fmt.Sprintf("%s... (%d bytes)", s[:end], len(s))
}
