package runner

import (
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// record is a step's result in the making. Its texts may hold secrets until the
// iteration is sealed. It is the result that expressions see, too: an [eval.Object].
type record struct {
	result.Step
	source *step
	// evidence belongs to the exchange of the same place.
	evidence []steps.Evidence
	call     call
	// reply is that of the last attempt, whole the result as expressions see it, once
	// somebody wanted all of it.
	reply steps.Reply
	whole cty.Value
	// spare is memory for the first answer, nil for a step without a kind and for one that
	// only waits: those are the many of which memory counts.
	spare *steps.Spare
}

// newRecord takes a record from those of the step that are over.
func newRecord(s *step, now time.Time) *record {
	rec, _ := s.spare.Get().(*record)
	if rec == nil {
		rec = &record{source: s}
		if s.Kind != nil {
			rec.call = newCall(s)
			if s.Kind.Await == nil {
				rec.spare = new(steps.Spare)
			}
		}
	}
	// What a record begins with was cleared when it was released.
	rec.Section, rec.Name, rec.Key, rec.Place, rec.Kind, rec.Start = s.Section, s.Name, s.Key, s.place, s.word, now
	return rec
}

// release gives a record back. keeps tells that somebody else owns its exchanges now.
func (rec *record) release(kept bool) {
	exchanges := rec.Exchanges[:0]
	if kept {
		exchanges = nil
	}
	clear(rec.evidence)
	if rec.spare != nil {
		rec.spare.Values = rec.reply.Values
	}
	rec.Step = result.Step{}
	rec.Exchanges = exchanges
	rec.evidence, rec.reply, rec.whole = rec.evidence[:0], steps.Reply{}, cty.NilVal
	rec.call.reset(rec.source)
	rec.source.spare.Put(rec)
}

func (rec *record) verdict() verdict {
	v := verdict{outcome: rec.Outcome, reason: rec.Reason}
	if rec.Outcome != result.Success {
		v.step, v.message = rec.Name, rec.Message
	}
	return v
}

// worsen records a finding. The worst outcome counts, and of equals the first;
// every diagnostic is kept.
func (rec *record) worsen(o result.Outcome, reason result.Reason, message string, diags ...diag.Diagnostic) {
	if o > rec.Outcome {
		rec.Outcome, rec.Reason, rec.Message = o, reason, message
	}
	rec.Diagnostics = append(rec.Diagnostics, diags...)
}

// broken records that something could not be evaluated.
func (rec *record) broken(reason result.Reason, what string, diags diag.List) {
	message := what
	for _, d := range diags {
		if d.Severity == diag.Error {
			message += ": " + strings.TrimSuffix(d.Summary, ".") + ": " + d.Detail
			break
		}
	}
	rec.worsen(result.Error, reason, message, diags...)
}

// panicked records a panic of a step kind or of an expression.
func (rec *record) panicked(p any) {
	message := fmt.Sprintf("the step panicked: %v", p)
	d := rec.source.Source.Diagnostic(diag.Error, "Step panicked",
		sentence(message)+" This is a mistake in authbench, not in the file or the target: please report it.")
	d.Sections = []diag.Section{{Title: "stack", Lines: stack()}}
	rec.worsen(result.Error, result.ReasonInternal, message, d)
}

// maxStack bounds the lines of a stack in a diagnostic.
const maxStack = 16

// stack gives the calls from the panic up to the runner, without the addresses of
// their arguments.
func stack() []string {
	_, below, _ := strings.Cut(string(debug.Stack()), "panic(")
	lines := strings.Split(strings.TrimSpace(below), "\n")
	out := make([]string, 0, maxStack)
	for _, l := range lines[min(2, len(lines)):] {
		if len(out) == maxStack || strings.Contains(l, "/runner.(*iteration).") && len(out) > 0 {
			break
		}
		if i := strings.LastIndexByte(l, '('); i > 0 && !strings.HasPrefix(l, "\t") {
			l = l[:i]
		}
		out = append(out, strings.ReplaceAll(l, "\t", "  "))
	}
	return out
}
