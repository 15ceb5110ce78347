package eval_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// world is a scenario in the middle of a run: some steps are done, one was left out,
// one is still to come. Whatever a compiled expression can read stands in it.
type world struct {
	globals *eval.Globals
	layout  *eval.Layout
	self    int
	each    cty.Value
	objects map[string]eval.Object
	// next tells what locals hold and the iteration draws after an evaluation.
	next *eval.Expr
}

var errorType = cty.Object(map[string]cty.Type{"code": cty.String, "description": cty.String})

func worldAttrs() []eval.AttrLayout {
	return []eval.AttrLayout{
		{Name: "ok", Type: cty.Bool},
		{Name: "status", Type: cty.Number},
		{Name: "duration_ms", Type: cty.Number},
		{Name: "error", Type: errorType},
		{Name: "request_id", Type: cty.String},
		{Name: "headers", Type: cty.Map(cty.String)},
		{Name: "links", Type: cty.List(cty.String)},
		{Name: "refresh_jwt", Type: cty.String, Sensitive: true},
		{Name: "user", Type: cty.Object(map[string]cty.Type{"user_id": cty.String, "phone": cty.String, "verified": cty.Bool, "logins": cty.Number})},
		{Name: "hidden", Type: cty.Object(map[string]cty.Type{"code": cty.String, "nothing": cty.String}), Sensitive: true},
		{Name: "json", Type: cty.DynamicPseudoType},
	}
}

// results are what steps gave, without the marks of the layout.
func signedIn() map[string]cty.Value {
	return map[string]cty.Value{
		"ok": cty.True, "status": cty.NumberIntVal(200), "duration_ms": cty.NumberFloatVal(12.25),
		"error": cty.NullVal(errorType), "request_id": cty.StringVal("Req-7"),
		"headers":     cty.MapVal(map[string]cty.Value{"content-type": cty.StringVal("text/html"), "x": cty.StringVal("5")}),
		"links":       cty.ListVal([]cty.Value{cty.StringVal("https://a.test/?t=1"), cty.StringVal("é")}),
		"refresh_jwt": cty.StringVal("eyJ.secret"),
		"user": cty.ObjectVal(map[string]cty.Value{
			"user_id": cty.StringVal("U1"), "phone": cty.NullVal(cty.String), "verified": cty.False, "logins": cty.MustParseNumberVal("3"),
		}),
		"hidden": cty.ObjectVal(map[string]cty.Value{"code": cty.StringVal("123456"), "nothing": cty.NullVal(cty.String)}),
		"json": cty.ObjectVal(map[string]cty.Value{
			"n": cty.NumberFloatVal(0.5), "list": cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.StringVal("two"), cty.NullVal(cty.DynamicPseudoType)}),
			"big": cty.MustParseNumberVal("123456789012345678901234567890"), "none": cty.NullVal(cty.DynamicPseudoType),
		}),
	}
}

func refused() map[string]cty.Value {
	out := signedIn()
	out["ok"], out["status"] = cty.False, cty.NumberIntVal(401)
	out["error"] = cty.ObjectVal(map[string]cty.Value{"code": cty.StringVal("E061102"), "description": cty.NullVal(cty.String)})
	for _, name := range []string{"request_id", "refresh_jwt", "hidden", "headers", "links"} {
		out[name] = cty.NullVal(out[name].Type())
	}
	out["user"], out["json"] = cty.NullVal(out["user"].Type()), cty.NullVal(cty.DynamicPseudoType)
	return out
}

// fields is a result that is read by place, as kinds make them.
type fields struct {
	attrs  []eval.AttrLayout
	values map[string]cty.Value
}

func (f fields) Attr(place int, path []string) (eval.Value, bool) {
	v := f.values[f.attrs[place].Name]
	for _, name := range path {
		switch t := v.Type(); {
		case v.IsNull():
			return eval.Value{}, true
		case t.IsObjectType():
			if !t.HasAttribute(name) {
				return eval.Value{}, true
			}
			v = v.GetAttr(name)
		case t.IsMapType():
			if v.HasIndex(cty.StringVal(name)).False() {
				return eval.Value{}, true
			}
			v = v.Index(cty.StringVal(name))
		default:
			return eval.Value{}, false
		}
	}
	if v.IsNull() {
		return eval.Null(), true
	}
	// As kinds do: a whole number loses the precision that JSON gave it.
	if n, ok := eval.Of(v).AsNumber(); ok && n == float64(int64(n)) {
		return eval.Int(int64(n)), true
	}
	return eval.Of(v), true
}

func (f fields) Object() cty.Value { return wholeOf(f.attrs, f.values) }

func wholeOf(attrs []eval.AttrLayout, values map[string]cty.Value) cty.Value {
	out := map[string]cty.Value{}
	for _, a := range attrs {
		v := values[a.Name]
		if a.Sensitive && !v.IsNull() {
			v = v.Mark(eval.Sensitive)
		}
		out[a.Name] = v
	}
	return cty.ObjectVal(out)
}

var worldLocals = []struct{ name, text string }{
	{"bad", `tonumber("x")`},
	{"chained", `"${local.drawn}/${local.pure}"`},
	{"count", `iteration.id * 3 + 1`},
	{"drawn", `uuid()`},
	{"dice", `randint(1, 6)`},
	{"folded", `"kept"`},
	{"hidden", `step.signin.refresh_jwt`},
	{"late", `step.coming.status`},
	{"list", `[for x in [1, 2] : x * 10]`},
	{"nothing", `step.signin.user.phone`},
	{"pure", `upper(var.text)`},
	{"third", `1 / 3`},
	{"thing", `{ a = step.signin.user.user_id, b = [local.dice, null] }`},
}

// newWorld makes one. Compiled expressions read results by place when fast is set.
func newWorld(t testing.TB, compiled, fast bool) *world {
	t.Helper()
	attrs := worldAttrs()
	w := &world{each: eval.Each("sms", cty.NumberIntVal(7))}
	w.globals = globals(map[string]cty.Value{
		"text": cty.StringVal("Ab c"), "number": cty.NumberIntVal(4), "secret": secretValue("s3cret"), "yes": cty.True,
		"none": cty.NullVal(cty.String), "list": cty.ListVal([]cty.Value{cty.StringVal("p"), cty.StringVal("q")}),
		"map": cty.MapVal(map[string]cty.Value{"k": cty.StringVal("v"), "s": secretValue("in a map")}), "fraction": cty.MustParseNumberVal("0.1"),
		"half": cty.MustParseNumberVal("0.5"), "accent": cty.StringVal("e\u0301\r\n"),
	})
	w.globals.Locals = cty.ObjectVal(map[string]cty.Value{"top": cty.StringVal("run")})
	w.globals.Path = cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(".")})
	w.globals.Run = cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("R1"), "seed": cty.NumberIntVal(42)})
	w.globals.Providers = cty.ObjectVal(map[string]cty.Value{"descope": cty.ObjectVal(map[string]cty.Value{"base_url": cty.StringVal("http://x"), "key": secretValue("K2")})})
	l := &eval.Layout{Datasets: []string{"users"}, Fixtures: []string{"admin"}}
	for _, name := range []string{"signin", "refused", "skipped", "coming"} {
		l.Steps = append(l.Steps, eval.StepLayout{Name: name, Attrs: attrs})
	}
	l.Steps = append(l.Steps, eval.StepLayout{Name: "many", ForEach: true, Attrs: attrs})
	for _, d := range worldLocals {
		e := parse(t, d.text)
		if d.name == "folded" {
			e.Fold(cty.StringVal("kept"))
		}
		l.Locals = append(l.Locals, eval.LocalLayout{Name: d.name, Expr: e})
	}
	w.layout, w.self = l, 0
	if compiled {
		for _, d := range l.Locals {
			d.Expr.Compile(l, w.globals, -1, w.each)
		}
	}
	object := func(values map[string]cty.Value) eval.Object {
		if fast {
			return fields{attrs, values}
		}
		return eval.Whole(wholeOf(attrs, values))
	}
	w.next = parse(t, "[uuid(), local.dice, local.chained, local.count]")
	w.objects = map[string]eval.Object{"signin": object(signedIn()), "refused": object(refused())}
	return w
}

// scope makes the scope of an iteration of it.
func (w *world) scope(id uint64) *eval.Scope {
	it := iteration(id)
	it.Index, it.VU = 2, 1
	s := w.globals.NewScope(it, w.layout, w.each)
	s.SetResult(0, "", w.objects["signin"])
	s.SetResult(1, "", w.objects["refused"])
	s.SetResult(2, "", nil)
	s.SetResult(4, "sms", w.objects["signin"])
	s.SetResult(4, "email", w.objects["refused"])
	s.SetResult(4, "voice", nil)
	s.SetSelf(w.objects["refused"])
	s.SetRow("users", cty.ObjectVal(map[string]cty.Value{"login": cty.StringVal("anna"), "key": secretValue("row key")}))
	s.SetFixture("admin", cty.ObjectVal(map[string]cty.Value{"token": secretValue("T"), "id": cty.StringVal("A")}))
	return s
}

// worldRoots are references of every sort, and literals.
var worldRoots = []string{
	"var.text", "var.number", "var.secret", "var.yes", "var.none", "var.list", "var.map.k", "var.map.s", "var.list[1]", "var.list[5]",
	"var.fraction", "var.half", "var.accent", "path.module",
	"local.top", "local.bad", "local.chained", "local.count", "local.drawn", "local.dice", "local.folded", "local.hidden", "local.late",
	"local.list", "local.list[1]", "local.nothing", "local.pure", "local.third", "local.thing.a", "local.thing.b[0]", "local.thing",
	"step.signin.ok", "step.signin.status", "step.signin.duration_ms", "step.signin.error", "step.signin.error.code",
	"step.signin.request_id", `step.signin.headers["content-type"]`, "step.signin.headers.x", "step.signin.headers.none", "step.signin.links[0]",
	"step.signin.links[9]", "step.signin.refresh_jwt", "step.signin.user.user_id", "step.signin.user.phone", "step.signin.user.verified",
	"step.signin.user.logins", "step.signin.hidden.code", "step.signin.hidden.nothing", "step.signin.hidden", "step.signin.json.n",
	"step.signin.json.list[1]", "step.signin.json.list[2]", "step.signin.json.big", "step.signin.json.none", "step.signin.json.absent", "step.signin",
	"step.refused.error.code", "step.refused.error.description", "step.refused.refresh_jwt", "step.refused.user.user_id", "step.refused.json.n", "step.refused.status",
	"step.skipped", "step.skipped.status", "step.coming.status", "step.coming",
	`step.many["sms"].status`, "step.many[each.key].refresh_jwt", `step.many["email"].error.code`, `step.many["voice"].ok`, `step.many["none"].ok`, "step.many",
	"self.ok", "self.status", "self.error.code", "self.error", "self.user.user_id", "self.refresh_jwt", "self",
	"iteration.id", "iteration.index", "iteration.uuid", "iteration", "vu.id", "each.key", "each.value", "run.id", "run.seed",
	"provider.descope.base_url", "provider.descope.key", "dataset.users.row.login", "dataset.users.row.key", "dataset.users.row", "fixture.admin.token", "fixture.admin.id",
	"fixture.admin", "null", "true", "false", "0", "1", "-3", "2.5", `"text"`, `""`, `"5"`, "9007199254740993",
}

// expr makes an expression of the world.
func (w *world) expr(t testing.TB, text string, compile bool) *eval.Expr {
	t.Helper()
	e := parse(t, text)
	if compile {
		e.Compile(w.layout, w.globals, w.self, w.each)
	}
	return e
}
