package descope_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/authbench/authbench/internal/capture"
	inbox "github.com/authbench/authbench/internal/capture/emulator"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
)

const (
	adminToken = "admin-token"
	alice      = "+15555550101"
	bob        = "+15555550102"
	newPhone   = "+15555550199"
	redirect   = "https://app.example.test/verify"
)

// world is an emulator with one project, and a connection to it.
type world struct {
	t       *testing.T
	conn    any
	inbox   capture.Source
	kinds   map[string]*steps.Kind
	project emulator.Project
	url     string
}

func newWorld(t *testing.T, change ...func(*policy.Project)) *world {
	t.Helper()
	e := emulator.New(emulator.Options{Seed: 1})
	p := policy.Default()
	p.SigningAlg = policy.ES256
	for _, f := range change {
		f(&p)
	}
	project, err := e.CreateProject("", secret.String{}, p)
	if err != nil {
		t.Fatal(err)
	}
	api, admin := httptest.NewServer(e.Handler()), httptest.NewServer(e.Admin(secret.New(adminToken)))
	c, err := client.New(client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); api.Close(); admin.Close() })
	w := &world{t: t, kinds: map[string]*steps.Kind{}, project: project, url: api.URL}
	w.conn, err = descope.Provider().Connect(c, steps.ArgsOf(map[string]cty.Value{
		"base_url": cty.StringVal(api.URL), "project_id": cty.StringVal(project.ID), "management_key": cty.StringVal(project.ManagementKey.Reveal()),
	}))
	if err != nil {
		t.Fatal(err)
	}
	if w.inbox, err = inbox.New(inbox.Options{URL: admin.URL, Token: secret.New(adminToken), Project: project.ID, Client: c}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.inbox.Close() }) // before the servers: it has requests open
	for _, k := range descope.Kinds() {
		w.kinds[k.Name] = k
	}
	return w
}

// args are written as name, value pairs; values are texts, truth values or cty values.
func (w *world) args(k *steps.Kind, pairs []any) steps.Args {
	w.t.Helper()
	out := steps.NewArgs(k.Args)
	for i, a := range k.Args {
		out.SetAt(i, eval.Of(cty.NullVal(a.Type)))
		if a.Default != cty.NilVal {
			out.SetAt(i, eval.Of(a.Default))
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		old := out.Value(name)
		if out.Get(name).IsAbsent() {
			w.t.Fatalf("%s has no argument %q", k.Name, name)
		}
		var v cty.Value
		switch p := pairs[i+1].(type) {
		case string:
			v = cty.StringVal(p)
		case bool:
			v = cty.BoolVal(p)
		case int:
			v = cty.NumberIntVal(int64(p))
		case cty.Value:
			v = p
		}
		if c, err := convert.Convert(v, old.Type()); err == nil && old.Type() != cty.DynamicPseudoType {
			v = c
		}
		out.Set(name, eval.Of(v))
	}
	return out
}

// try makes one attempt of the kind `descope_<name>`.
func (w *world) try(name string, pairs ...any) steps.Reply {
	w.t.Helper()
	k := w.kinds["descope_"+name]
	if k == nil {
		w.t.Fatalf("no kind %q", name)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	env := &steps.Env{Conn: w.conn}
	r := k.Run(ctx, env, w.args(k, pairs))
	if r.Problem != nil {
		if x, _ := env.Exchanges(); len(x) != 1 || x[0].ErrorCode != r.Problem.Code {
			w.t.Errorf("%s: exchanges %+v do not tell the code %s", name, x, r.Problem.Code)
		}
	}
	return r
}

// do is try that must succeed, and gives the results.
func (w *world) do(name string, pairs ...any) steps.Values {
	w.t.Helper()
	r := w.try(name, pairs...)
	if !r.OK {
		w.t.Fatalf("%s: %s (%s)", name, r.Message, r.Reason)
	}
	return r.Values
}

// message gives what do makes the target send to a recipient.
func (w *world) message(to, name string, pairs ...any) capture.Message {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	mark, err := w.inbox.Mark(ctx, capture.Send{})
	if err != nil {
		w.t.Fatal(err)
	}
	w.do(name, pairs...)
	m, err := capture.Wait(ctx, w.inbox, mark, capture.Match{Recipient: to})
	if err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	return m
}

func (w *world) token(to, name string, pairs ...any) string {
	w.t.Helper()
	m := w.message(to, name, pairs...)
	if len(m.Links) != 1 {
		w.t.Fatalf("%s: links %q", name, m.Links)
	}
	_, token, _ := strings.Cut(m.Links[0], "t=")
	return token
}

func (w *world) code(to, name string, pairs ...any) string {
	w.t.Helper()
	m := w.message(to, name, pairs...)
	for word := range strings.FieldsSeq(m.Body) {
		if len(word) == 6 && strings.Trim(word, "0123456789") == "" {
			return word
		}
	}
	w.t.Fatalf("%s: no code in %q", name, m.Body)
	return ""
}

// signUp makes a user by magic link and gives the session.
func (w *world) signUp(phone string) steps.Values {
	w.t.Helper()
	return w.do("magiclink_verify", "token", w.token(phone, "magiclink_sign_up", "login_id", phone, "redirect_url", redirect))
}

// get walks into values by names: "user", "phone".
func get(values steps.Values, path ...string) cty.Value {
	v := values.Value(path[0])
	for _, p := range path[1:] {
		if v == cty.NilVal || v.IsNull() {
			break
		}
		v = v.GetAttr(p)
	}
	if v == cty.NilVal {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v
}

func equal(t *testing.T, what string, got, want cty.Value) {
	t.Helper()
	if !got.RawEquals(want) {
		t.Errorf("%s is %#v, want %#v", what, got, want)
	}
}

func refusedWith(t *testing.T, r steps.Reply, status int, code string) {
	t.Helper()
	if r.OK || r.Unjudged || r.Status != status || r.Problem == nil || r.Problem.Code != code {
		t.Errorf("ok %v, status %d, problem %+v (%s), want %d %s", r.OK, r.Status, r.Problem, r.Message, status, code)
	}
}
