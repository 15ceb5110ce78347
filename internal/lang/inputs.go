package lang

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

const envPrefix = "AUTHBENCH_VAR_"

// given is the value of a variable from outside: an expression of a values file, or
// a text of the environment or the command line.
type given struct {
	source string
	expr   *eval.Expr
	text   string
}

// gatherInputs reads all sources in their order; a later one wins.
func (l *loader) gatherInputs() map[string]given {
	out := map[string]given{}
	for _, v := range l.decls.variables {
		if text, ok := l.opts.LookupEnv(envPrefix + v.name); ok {
			out[v.name] = given{source: "The environment variable " + envPrefix + v.name, text: text}
		}
	}
	for _, name := range l.valuesFiles() {
		l.valuesFile(name, true, out)
	}
	for _, in := range l.opts.Vars {
		if in.File == "" {
			l.flagValue(in, out)
		} else {
			l.valuesFile(in.File, false, out)
		}
	}
	return out
}

// valuesFiles lists authbench.abvars and *.auto.abvars of the configuration's directory.
func (l *loader) valuesFiles() []string {
	if l.src.builtin {
		return nil
	}
	dir := os.DirFS(l.src.dir)
	names, _ := fs.Glob(dir, "*.auto.abvars") // sorted; the pattern is well formed
	if _, err := fs.Stat(dir, "authbench.abvars"); err == nil {
		names = append([]string{"authbench.abvars"}, names...)
	}
	for i, name := range names {
		names[i] = filepath.Join(l.src.dir, name)
	}
	return names
}

func readValues(name string) ([]byte, error) {
	return readBounded(os.DirFS(filepath.Dir(name)), filepath.Base(name))
}

// valuesFile takes the values of a file. A file that was found, not named, may serve
// other configurations of its directory too, so a name that this one does not declare
// is no more than a warning there.
func (l *loader) valuesFile(name string, found bool, out map[string]given) {
	l.read = append(l.read, name)
	text, err := readValues(name)
	if err != nil {
		l.operator("Values file can not be read", fmt.Sprintf("The values file %s can not be read: %s.", name, unwrapPath(err)))
		return
	}
	// Values files hold secrets, so their source is never shown.
	hidden := eval.Files{}
	body, diags := parse(name, text, hidden)
	for i := range diags {
		diags[i].Snippet = nil
	}
	l.diags = append(l.diags, diags...)
	if body == nil {
		return
	}
	for _, b := range body.Blocks {
		l.error(b.DefRange(), "Unsupported block", "A values file holds NAME = value pairs alone.")
	}
	for _, a := range sortedAttrs(body) {
		if l.decls.variable[a.Name] != nil {
			out[a.Name] = given{source: "The value in " + name, expr: l.expr(a.Expr)}
			continue
		}
		report := l.error
		if found || l.opts.UndeclaredVars {
			report = l.warn
		}
		report(a.NameRange, "Undeclared variable", fmt.Sprintf("The configuration declares no variable %q.%s",
			a.Name, suggest(a.Name, l.decls.variableNames)))
	}
}

func (l *loader) flagValue(in Input, out map[string]given) {
	if l.decls.variable[in.Name] == nil {
		if !l.opts.UndeclaredVars {
			l.operator("Undeclared variable", fmt.Sprintf("--var gives a value to %q, but the configuration %s declares no such variable.%s",
				in.Name, l.opts.Suite, suggest(in.Name, l.decls.variableNames)))
		}
		return
	}
	out[in.Name] = given{source: "The value of --var " + in.Name, text: in.Value}
}

// inputValue evaluates what was given. For a variable of type string, or of no
// declared type, a text is taken as it is; for others it is an expression.
func (l *loader) inputValue(v *variableDecl, in given) cty.Value {
	if in.expr != nil {
		val, ok := l.variableLiteral(v, in.expr, "a values file")
		if !ok {
			return v.unknown()
		}
		return l.convertVariable(v, val, in.expr.Site().Range, in.source)
	}
	if v.typ == cty.String || v.typ == cty.DynamicPseudoType {
		return l.convertVariable(v, cty.StringVal(in.text), v.header, in.source)
	}
	if v.typ == cty.Number && eval.HugeNumber(in.text) {
		l.error(v.header, "Invalid value for variable", in.source+" is a number out of range.")
		return v.unknown()
	}
	if v.typ.IsPrimitiveType() {
		return l.convertVariable(v, cty.StringVal(in.text), v.header, in.source)
	}
	if line, _, _ := unfit([]byte(in.text), "value"); len(in.text) > MaxFileSize || line > 0 {
		l.error(v.header, "Invalid value for variable", in.source+" is too large, nested too deep, or holds a number out of range.")
		return v.unknown()
	}
	node, hd := hclsyntax.ParseExpression([]byte(in.text), "<value of "+v.name+">", hcl.InitialPos)
	var val cty.Value
	if !hd.HasErrors() {
		var more hcl.Diagnostics
		val, more = node.Value(&hcl.EvalContext{})
		hd = append(hd, more...)
	}
	if hd.HasErrors() {
		// The text is not shown: it may be secret.
		l.error(v.header, "Invalid value for variable", fmt.Sprintf(
			"%s is not an expression of type %s without references. Write it as in a configuration, for example '[\"a\", \"b\"]'.",
			in.source, strings.TrimSpace(v.typ.FriendlyName())))
		return v.unknown()
	}
	return l.convertVariable(v, val, v.header, in.source)
}
