package lang

import (
	"fmt"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

var (
	expectForm = form{what: `an "expect" block`, attrs: []string{"status", "error_code", "max_latency"}}
	retryForm  = form{
		what: `a "retry" block`, attrs: []string{"attempts", "on", "min_delay", "max_delay", "force"}, required: []string{"attempts", "on"},
	}
	pollForm = form{what: `a "poll" block`, attrs: []string{"until", "interval", "timeout"}, required: []string{"until"}}

	statusClass = lazily(`^[1-5]xx$`)
	statusCode  = lazily(`^[1-5][0-9][0-9]$`)
	errorCode   = lazily(`^[A-Z][A-Z0-9]{3,}$`)
)

// lazily compiles a pattern for its first use: a command that reads no file has none.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// meta checks the blocks that every kind of step has. self is the step's own result.
func (c *checker) meta(s *plan.Step, d *stepDecl, env *refEnv, self cty.Value, selfType cty.Type) {
	withSelf := *env
	withSelf.roots = append(slices.Clone(env.roots), "self")
	withSelf.self = selfType
	if b := d.one("expect"); b != nil {
		c.values.SetSelf(eval.Whole(self))
		s.Expect = c.expect(b, &withSelf, s.Each)
		c.values.SetSelf(nil)
	}
	if b := d.one("retry"); b != nil {
		s.Retry = c.retry(b, d, s.Each)
	}
	c.values.SetSelf(eval.Whole(self))
	defer c.values.SetSelf(nil)
	if b := d.one("poll"); b != nil {
		s.Poll = c.poll(b, &withSelf, s.Each)
	}
	for _, b := range d.of("assert") {
		for _, cond := range c.decodeCondition(b, `an "assert" block`) {
			if a, ok := c.assert(cond, &withSelf); ok {
				s.Asserts = append(s.Asserts, a)
			}
		}
	}
}

func (c *checker) assert(cond conditionDecl, env *refEnv) (plan.Assert, bool) {
	a := plan.Assert{Condition: cond.condition, Message: cond.message, Source: c.site(cond.rng)}
	v, ok := c.value(cond.condition, env)
	if ok {
		c.condition(cond.condition, v)
		c.comparedTypes(cond.condition, c.values)
	}
	if !c.checkRefs(cond.message, env) {
		return a, false
	}
	_, okMessage := c.errorMessage(cond.message, c.values)
	return a, ok && okMessage
}

// comparedTypes points out a comparison that can never be true, such as
// self.status == "200": the language does not convert before it compares.
func (l *loader) comparedTypes(e *eval.Expr, scope *eval.Scope) {
	for _, note := range e.Incomparable(scope) {
		l.warn(note.Range, "Comparison of different types", note.Text)
	}
}

func (c *checker) expect(b *hclsyntax.Block, env *refEnv, each cty.Value) *plan.Expect {
	ec := c.content(b.Body, b.DefRange(), expectForm)
	x := &plan.Expect{Status: ec.expr("status"), ErrorCode: ec.expr("error_code"), Source: c.site(b.DefRange())}
	x.MaxLatency = c.staticDuration(ec, "max_latency", 0, each)
	if x.Status != nil {
		if v, ok := c.value(x.Status, env); ok {
			c.fold(x.Status, v)
			c.checkEach(x.Status, v, "status", `a status such as 401, a class such as "4xx", or a list of these`, func(text string) bool {
				return statusClass().MatchString(text) || statusCode().MatchString(text)
			})
		}
	}
	if x.ErrorCode != nil {
		if v, ok := c.value(x.ErrorCode, env); ok {
			c.fold(x.ErrorCode, v)
			c.checkEach(x.ErrorCode, v, "error_code", `an error code such as "E061102", or a list of codes`, func(text string) bool {
				return errorCode().MatchString(text) || slices.Contains(result.Reasons(), result.Reason(text))
			})
		}
	}
	return x
}

// checkEach checks a value, or each element of a list, as far as they are known.
func (c *checker) checkEach(e *eval.Expr, v cty.Value, name, want string, good func(string) bool) {
	v, _ = v.UnmarkDeep()
	bad := func() {
		c.error(e.Site().Range, "Invalid expectation", fmt.Sprintf("%s must be %s.", name, want))
	}
	if !v.IsKnown() {
		return
	}
	elems := []cty.Value{v}
	if !v.IsNull() && (v.Type().IsListType() || v.Type().IsTupleType() || v.Type().IsSetType()) {
		elems = v.AsValueSlice()
	}
	if len(elems) == 0 {
		bad()
		return
	}
	for _, elem := range elems {
		if !elem.IsKnown() {
			continue
		}
		text, err := convert.Convert(elem, cty.String)
		if err != nil || text.IsNull() || !good(text.AsString()) {
			bad()
			return
		}
	}
}

func (c *checker) retry(b *hclsyntax.Block, d *stepDecl, each cty.Value) *plan.Retry {
	rc := c.content(b.Body, b.DefRange(), retryForm)
	r := &plan.Retry{
		Attempts: int(c.staticInt(rc, "attempts", 1, 1, 100)),
		On:       c.staticStrings(rc, "on", each),
		MinDelay: c.staticDuration(rc, "min_delay", 100*time.Millisecond, each),
		MaxDelay: c.staticDuration(rc, "max_delay", 10*time.Second, each),
	}
	for _, on := range r.On {
		if on != "timeout" && on != "connection" && !statusCode().MatchString(on) && !errorCode().MatchString(on) {
			c.error(rc.expr("on").Site().Range, "Invalid value", fmt.Sprintf(
				`on may hold "timeout", "connection", statuses such as 503 and error codes, not %q.%s`, on, suggest(on, []string{"timeout", "connection"})))
		}
	}
	if r.MaxDelay < r.MinDelay {
		r.MaxDelay = r.MinDelay
	}
	if !d.kind.Idempotent && !c.literalBool(rc, "force", false) {
		c.error(b.DefRange(), "Unsafe retry", fmt.Sprintf(
			"A step of kind %q changes something each time it runs, so repeating it may do it twice. Write force = true if that is what you want.", d.kind.Name))
	}
	return r
}

func (c *checker) poll(b *hclsyntax.Block, env *refEnv, each cty.Value) *plan.Poll {
	pc := c.content(b.Body, b.DefRange(), pollForm)
	p := &plan.Poll{
		Until:    pc.expr("until"),
		Interval: c.staticDuration(pc, "interval", time.Second, each),
		Timeout:  c.staticDuration(pc, "timeout", defaultStepTimeout, each),
	}
	if p.Until == nil {
		return nil
	}
	if v, ok := c.value(p.Until, env); ok {
		c.condition(p.Until, v)
		c.comparedTypes(p.Until, c.values)
	}
	return p
}
