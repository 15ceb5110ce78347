package eval_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// grammar writes expressions of the language from a source of choices.
type grammar struct {
	choices []byte
	size    int
}

// pick gives a number below n. Without choices left it is 0, which ends every rule.
func (g *grammar) pick(n int) int {
	if len(g.choices) == 0 {
		return 0
	}
	c := int(g.choices[0])
	g.choices = g.choices[1:]
	if n > 256 && len(g.choices) > 0 {
		c = c<<8 | int(g.choices[0])
	}
	return c % n
}

// kind is what an expression is meant to come to. The grammar keeps to it most of the
// time, since an expression that is an error teaches little.
type kind int

const (
	texts kind = iota
	numbers
	truths
	anything
)

var roots = map[kind][]string{
	texts: {
		`"text"`, "var.text", "var.secret", "var.map.k", "var.map.s", "var.list[1]", "var.accent", "local.top", "local.chained", "local.drawn", "local.folded",
		"local.hidden", "local.pure", "local.thing.a", "step.signin.request_id", `step.signin.headers["content-type"]`, "step.signin.headers.x",
		"step.signin.links[0]", "step.signin.refresh_jwt", "step.signin.user.user_id", "step.signin.hidden.code", "step.signin.json.list[1]",
		"step.refused.error.code", "self.error.code", "iteration.uuid", "each.key", "provider.descope.key", "dataset.users.row.login",
		"dataset.users.row.key", "fixture.admin.token", `""`, `"5"`, "path.module", "step.many[each.key].refresh_jwt", "step.signin.error.code",
		"step.refused.user.user_id", "step.skipped.request_id", "step.signin.user.phone", "var.none", "step.signin.hidden.nothing", "step.refused.refresh_jwt",
	},
	numbers: {
		"1", "0", "2.5", "var.number", "var.half", "local.count", "local.dice", "local.list[1]", "step.signin.status", "step.signin.duration_ms",
		"step.signin.user.logins", "self.status", "iteration.id", "iteration.index", "vu.id", "each.value", "run.seed", `step.many["sms"].status`,
		"step.signin.json.list[0]", "step.signin.json.n", "step.signin.json.big", "var.fraction", "local.third", "9007199254740993", "step.coming.status",
	},
	truths: {
		"true", "false", "var.yes", "step.signin.ok", "self.ok", "step.signin.user.verified", "step.refused.user.verified", `step.many["voice"].ok`,
		"step.signin.error == null", "self.error != null", `var.secret == "x"`, "step.skipped == null", "sensitive(true)", "step.coming.ok",
	},
	anything: worldRoots,
}

var ops = map[kind][]string{
	numbers: {"+", "-", "*", "%", "/"},
	truths:  {"&&", "||", "&&", "||", "==", "!=", "<", "<=", ">", ">="},
}

// callee is a function with the kinds of what it takes; a name may hold the first argument.
type callee struct {
	name string
	args []kind
}

var callees = map[kind][]callee{
	texts: {
		{"upper", []kind{texts}}, {"lower", []kind{texts}}, {"trimspace", []kind{texts}}, {"tostring", []kind{anything}}, {"sensitive", []kind{texts}},
		{"nonsensitive", []kind{texts}}, {"jsonencode", []kind{anything}}, {"fake_email", []kind{numbers}}, {"fake_phone", []kind{numbers}},
		{"randstring", []kind{numbers}}, {"urlencode", []kind{texts}}, {"trimprefix", []kind{texts, texts}}, {"trimsuffix", []kind{texts, texts}},
		{"trim", []kind{texts, texts}}, {"coalesce", []kind{texts, texts}}, {"coalesce", []kind{texts, anything, texts}}, {"uuid", nil},
		{"substr", []kind{texts, numbers, numbers}}, {"replace", []kind{texts, texts, texts}}, {"try", []kind{texts, texts}}, {"base64encode", []kind{texts}},
		{`format("%s-%s"`, []kind{texts, anything}}, {`format("%d/%05d"`, []kind{numbers, numbers}}, {`format("%v %% %s"`, []kind{anything, texts}},
		{`format("%5d%s"`, []kind{numbers, texts}}, {`format("%q%s"`, []kind{texts, texts}}, {"lookup(var.map", []kind{texts, texts}},
	},
	numbers: {
		{"length", []kind{texts}}, {"length", []kind{anything}}, {"abs", []kind{numbers}}, {"max", []kind{numbers, numbers}}, {"randint", []kind{numbers, numbers}},
		{"randint(1", []kind{numbers}}, {"tonumber", []kind{texts}}, {"sensitive", []kind{numbers}},
	},
	truths: {
		{"startswith", []kind{texts, texts}}, {"endswith", []kind{texts, texts}}, {"strcontains", []kind{texts, texts}}, {"can", []kind{anything}},
		{"issensitive", []kind{anything}}, {"contains(var.list", []kind{texts}}, {"tobool", []kind{truths}},
	},
}

// expression writes one that is meant to come to k.
func (g *grammar) expression(k kind, depth int) string {
	if g.size++; g.pick(24) == 23 {
		k = anything
	}
	if depth <= 0 || g.size > 40 || g.pick(5) == 4 {
		return roots[k][g.pick(len(roots[k]))]
	}
	sub := func(k kind) string { return g.expression(k, depth-1) }
	if k == anything {
		switch g.pick(8) {
		case 1, 2:
			return g.collection(sub(anything), sub(texts))
		case 3:
			return roots[k][g.pick(len(roots[k]))]
		}
		k = kind(g.pick(int(anything)))
	}
	switch g.pick(8) {
	case 1:
		return "(" + sub(truths) + " ? " + sub(k) + " : " + sub(k) + ")"
	case 2:
		return "(" + sub(truths) + " ? " + sub(k) + " : null)"
	case 3, 4:
		c := callees[k][g.pick(len(callees[k]))]
		return g.call(c, sub)
	}
	return g.special(k, sub)
}

func (g *grammar) call(c callee, sub func(kind) string) string {
	text, separator := c.name, "("
	if strings.Contains(text, "(") {
		separator = ", "
	}
	for _, k := range c.args {
		text, separator = text+separator+sub(k), ", "
	}
	if len(c.args) == 0 {
		text += "("
	}
	return text + ")"
}

// special writes what is of one kind alone: templates and operators.
func (g *grammar) special(k kind, sub func(kind) string) string {
	if k == texts {
		return fmt.Sprintf(`"a${%s}b${%s}"`, sub(texts), sub(kind(g.pick(3))))
	}
	op := ops[k][g.pick(len(ops[k]))]
	operand := map[string]kind{"&&": truths, "||": truths, "==": anything, "!=": anything}[op]
	switch {
	case g.pick(8) == 7:
		return map[kind]string{numbers: "-", truths: "!"}[k] + sub(k)
	case operand == anything:
		operand = kind(g.pick(int(anything) + 1))
	case operand != truths:
		operand = numbers
	}
	return "(" + sub(operand) + " " + op + " " + sub(operand) + ")"
}

func (g *grammar) collection(a, b string) string {
	switch g.pick(6) {
	case 0:
		return "[" + a + ", " + b + "]"
	case 4:
		return "[for x in [" + a + "] : try(x." + "user_id, x, " + b + ")]"
	case 5:
		return "[for k, v in " + a + " : { k = k, v = v, b = " + b + " }]"
	case 1:
		return "{ k = " + a + ", (" + b + ") = 1 }"
	case 2:
		return "[" + a + ", " + b + "][1]"
	}
	return "[for x in [" + a + "] : [x, " + b + "]]"
}

// generated writes the n-th expression of a fixed series.
func generated(n uint64) string {
	rng := rand.New(rand.NewPCG(n, 1))
	choices := make([]byte, 0, 64)
	for range 8 {
		choices = binary.LittleEndian.AppendUint64(choices, rng.Uint64())
	}
	g := grammar{choices: choices}
	return g.expression(kind(n%3), 4)
}

// TestGeneratedExpressions compares a fixed series; the fuzz target goes on from there.
func TestGeneratedExpressions(t *testing.T) {
	t.Parallel()
	ws := newTwins(t)
	for n := range uint64(generations) {
		ws.compare(t, generated(n))
	}
}

// FuzzCompiled looks for an expression that comes to something else than by hcl.
func FuzzCompiled(f *testing.F) {
	for n := range uint64(64) {
		f.Add(binary.LittleEndian.AppendUint64(nil, n*0x9E3779B97F4A7C15))
	}
	ws := newTwins(f)
	f.Fuzz(func(t *testing.T, choices []byte) {
		g := grammar{choices: choices}
		ws.compare(t, g.expression(anything, 5))
	})
}
