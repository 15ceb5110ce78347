package lang_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/steps"
)

func env(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
}

// Each source of values beats those before it, as with Terraform.
func TestVariablePrecedence(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	content := "variable \"v\" {\n  default = \"default\"\n}\n\n" + provider + "scenario \"x\" {\n  description = var.v\n" + sender + "}\n"
	write(t, dir, "main.hcl", content)
	opts := lang.Options{Path: dir, LookupEnv: env(nil)}
	check := func(want string) {
		t.Helper()
		loaded := load(t, opts)
		wants(t, loaded.Diags)
		if got := loaded.Plan.Scenarios[0].Description; got != want {
			t.Errorf("var.v is %s, want %s", got, want)
		}
	}
	check("default")
	opts.LookupEnv = env(map[string]string{"AUTHBENCH_VAR_v": "environment"})
	check("environment")
	write(t, dir, "authbench.abvars", "v = \"authbench.abvars\"\n")
	check("authbench.abvars")
	write(t, dir, "a.auto.abvars", "v = \"a.auto\"\n")
	check("a.auto")
	write(t, dir, "b.auto.abvars", "v = \"b.auto\"\n")
	check("b.auto")
	opts.Vars = []lang.Input{{File: write(t, t.TempDir(), "named", "v = \"var-file\"\n")}}
	check("var-file")
	opts.Vars = append(opts.Vars, lang.Input{Name: "v", Value: "var"})
	check("var")
	slices.Reverse(opts.Vars)
	check("var-file")
	opts.Vars = []lang.Input{{Name: "v", Value: "first"}, {Name: "v", Value: "second"}}
	check("second")
	opts.Path = filepath.Join(dir, "main.hcl")
	check("second")
}

func TestVariableTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typ, value, want string }{
		{"string", "[1]", "[1]"}, {"number", "5", "5"}, {"bool", "true", "true"}, {"list(string)", `["a", "b"]`, "a,b"},
		{"object({ a = string, b = optional(string, \"d\") })", `{ a = "x" }`, "x,d"}, {"any", "plain", "plain"},
	} {
		show := map[string]string{"list(string)": `join(",", var.v)`, "object({ a = string, b = optional(string, \"d\") })": `"${var.v.a},${var.v.b}"`}[c.typ]
		if show == "" {
			show = "tostring(var.v)"
		}
		path := write(t, t.TempDir(), "main.hcl", "variable \"v\" {\n  type = "+c.typ+"\n}\n"+provider+"scenario \"x\" {\n  description = "+show+"\n"+sender+"}\n")
		loaded := load(t, lang.Options{Path: path, Vars: []lang.Input{{Name: "v", Value: c.value}}})
		wants(t, loaded.Diags)
		if got := loaded.Plan.Scenarios[0].Description; got != c.want {
			t.Errorf("%s of type %s is %s, want %s", c.value, c.typ, got, c.want)
		}
	}
}

func TestInputMistakes(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "main.hcl", "variable \"v\" {\n  type    = list(string)\n  default = []\n}\n\nlocals {\n  used = var.v\n}\n\nscenario \"x\" {\n  tags = local.used\n\n  step \"pause\" \"p\" {\n    duration = \"1s\"\n  }\n}\n")
	dir := t.TempDir()
	for _, c := range []struct {
		in   lang.Input
		want []string
	}{
		{lang.Input{Name: "w", Value: "1"}, []string{`Undeclared variable: --var gives a value to "w"`}},
		{lang.Input{Name: "v", Value: "[1"}, []string{"Invalid value for variable: is not an expression of type list of string"}},
		{lang.Input{Name: "v", Value: "var.x"}, []string{"Invalid value for variable: without references"}},
		{lang.Input{Name: "v", Value: strings.Repeat("[", 100000)}, []string{"Invalid value for variable: nested too deep"}},
		{lang.Input{Name: "v", Value: "{}"}, []string{"Invalid value for variable: of variable \"v\" is not suitable"}},
		{lang.Input{File: filepath.Join(dir, "missing")}, []string{"Values file can not be read: missing can not be read: no such file or directory."}},
		{lang.Input{File: write(t, dir, "binary", "\x00")}, []string{"Not a text file"}},
		{lang.Input{File: write(t, dir, "block", "v {}\nw = 1\n")}, []string{"Unsupported block", `Undeclared variable: declares no variable "w"`}},
		{lang.Input{File: write(t, dir, "refs", "v = [uuid()]\n")}, []string{"Function not allowed here"}},
	} {
		wants(t, load(t, lang.Options{Path: path, Vars: []lang.Input{c.in}}).Diags, c.want...)
	}
	// What another configuration of the same command declares is no mistake here.
	loaded := load(t, lang.Options{Path: path, Vars: []lang.Input{{Name: "w", Value: "1"}}, UndeclaredVars: true})
	wants(t, loaded.Diags)
	if got := strings.Join(loaded.Declared, " "); got != "v" {
		t.Errorf("declared: %s", got)
	}
	write(t, filepath.Dir(path), "authbench.abvars", "w = 1\n")
	if diags := load(t, lang.Options{Path: path}).Diags; diags.HasErrors() || len(diags) != 1 {
		t.Errorf("a value for another configuration of the directory: %v", diags)
	}
}

// A sensitive value is in no message, whatever is wrong with it and wherever it came from.
func TestSecretsAreInNoDiagnostic(t *testing.T) {
	t.Parallel()
	const canary = "canary-zqxjk-secret" // letters: the name of a test's folder ends in random digits
	for name, c := range map[string]struct {
		typ, rest string
		value     string // --var
		file      string // values file
		fallback  string
	}{
		"wrong type of default":      {typ: "number", fallback: `"` + canary + `"`},
		"wrong type of --var":        {typ: "number", value: canary},
		"malformed --var":            {typ: "list(string)", value: `["` + canary},
		"wrong type in values file":  {typ: "number", file: `v = "` + canary + `"`},
		"malformed values file":      {typ: "string", file: `v = "` + canary},
		"function in values file":    {typ: "string", file: `v = tonumber("` + canary + `")`},
		"function in default":        {typ: "string", fallback: `tonumber("` + canary + `")`},
		"failing validation":         {typ: "string", value: canary, rest: "  validation {\n    condition     = var.v == \"\"\n    error_message = \"No.\"\n  }\n"},
		"validation that fails":      {typ: "string", value: canary, rest: "  validation {\n    condition     = tonumber(var.v) == 1\n    error_message = \"No.\"\n  }\n"},
		"error_message":              {typ: "string", value: canary, rest: "  validation {\n    condition     = false\n    error_message = \"Not ${var.v}.\"\n  }\n"},
		"for_each":                   {typ: "string", value: canary, rest: "}\nscenario \"x\" {\n  for_each = toset([var.v])\n"},
		"key":                        {typ: "string", value: canary, rest: "}\nlocals {\n  a = { b = 1 }[var.v]\n"},
		"derived":                    {typ: "string", value: canary, rest: "}\nlocals {\n  a = tonumber(upper(upper(lower(var.v))))\n"},
		"base_url":                   {typ: "string", value: canary, rest: "}\nprovider \"descope\" {\n  base_url = var.v\n"},
		"written out a second time":  {typ: "string", value: canary, rest: "}\nlocals {\n  a = tonumber(\"" + canary + "\")\n"},
		"default of another in file": {typ: "string", fallback: `"` + canary + `"`, rest: "  validation {\n    condition     = false\n    error_message = \"" + canary + "\"\n  }\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content := "variable \"v\" {\n  type      = " + c.typ + "\n  sensitive = true\n"
			if c.fallback != "" {
				content += "  default   = " + c.fallback + "\n"
			}
			dir := t.TempDir()
			opts := lang.Options{Path: write(t, dir, "main.hcl", content+c.rest+"}\n")}
			if c.value != "" {
				opts.Vars = append(opts.Vars, lang.Input{Name: "v", Value: c.value})
			}
			if c.file != "" {
				opts.Vars = append(opts.Vars, lang.Input{File: write(t, dir, "values", c.file+"\n")})
			}
			diags := load(t, opts).Diags
			if !diags.HasErrors() {
				t.Fatal("nothing is wrong: the test proves nothing")
			}
			text, doc := rendered(t, diags)
			if strings.Contains(strings.ToLower(text+doc), "canary") || strings.Contains(text+doc, "zqxjk") {
				t.Errorf("the secret is shown:\n%s", text)
			}
		})
	}
}

func TestTargetOverride(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "main.hcl", "provider \"descope\" {\n  base_url = \"emulator\"\n  limits {\n    requests_per_second = 1\n  }\n}\n\nprovider \"descope\" {\n  alias = \"b\"\n  limits {\n    requests_per_second = 1\n  }\n}\n")
	vendor := "https://vendor.example.test"
	lookup := env(map[string]string{"DESCOPE_BASE_URL": vendor, "DESCOPE_PROJECT_ID": "P1", "DESCOPE_MANAGEMENT_KEY": "key-from-env"})
	for _, c := range []struct {
		target, first, second, project string
	}{
		{"", "emulator", vendor, ""},
		{"emulator", "emulator", "emulator", ""},
		{"http://127.0.0.1:8787", "http://127.0.0.1:8787", "http://127.0.0.1:8787", ""},
		{"https://staging.example.test", "https://staging.example.test", "https://staging.example.test", "P1"},
	} {
		loaded := load(t, lang.Options{Path: path, Target: c.target, LookupEnv: lookup})
		wants(t, loaded.Diags)
		p := loaded.Plan.Providers
		if p[0].BaseURL != c.first || p[1].BaseURL != c.second || p[0].Args.String("project_id") != c.project {
			t.Errorf("--target %q: %s and %s, project %q", c.target, p[0].BaseURL, p[1].BaseURL, p[0].Args.String("project_id"))
		}
		secrets := 0
		for _, s := range loaded.Plan.Secrets {
			if s.Equal("key-from-env") {
				secrets++
			}
		}
		if taken := p[0].Args.Has("management_key") || p[1].Args.Has("management_key"); taken != (secrets == 1) {
			t.Errorf("--target %q: key taken: %v, kept as a secret %d times", c.target, taken, secrets)
		}
	}
	wants(t, load(t, lang.Options{Path: path, Target: "http://staging.example.test"}).Diags, "Invalid base_url: must use https", "Invalid base_url: must use https")
	for url, want := range map[string]bool{
		"http://127.0.0.1:1": true, "http://[::1]:1": true, "http://localhost": true, "http://x.localhost": true, "https://127.0.0.1.example.test": false,
		"https://localhost.example.test": false, "http://10.0.0.1": false, "": false, "::": false,
	} {
		if got := plan.Loopback(url); got != want {
			t.Errorf("Loopback(%q) = %v", url, got)
		}
	}
}

// Every word of the grammar that is not carried out is refused by its name.
func TestLaterWordsAreRefusedByName(t *testing.T) {
	t.Parallel()
	top := []string{"monitor", "notifier", "maintenance", "output", "module"}
	everywhere := []string{"race", "never", "quiet", "compare", "sweep", "sample", "policy", "pool", "parallel", "function", "dynamic"}
	inside := func(head string) string { return head + " {\nHERE\n}\n" }
	places := map[string][]string{
		"HERE":                                       append(slices.Clone(top), everywhere...),
		inside("authbench"):                          {"location", "replica", "anchors", "deadman_url"},
		inside("scenario \"x\""):                     append([]string{"module"}, everywhere...),
		inside("fixture \"x\""):                      append([]string{"module"}, everywhere...),
		inside("load \"x\""):                         everywhere,
		"scenario \"x\" {\nsetup {\nHERE\n}\n}\n":    append([]string{"module"}, everywhere...),
		"scenario \"x\" {\nteardown {\nHERE\n}\n}\n": append([]string{"module"}, everywhere...),
		"scenario \"x\" {\nstep \"descope_me\" \"x\" {\nHERE\n}\n}\n": everywhere,
		inside("provider \"descope\""):                                {"budget"},
		"inbox \"x\" {\ndriver = \"HERE\"\n}\n":                       {"test_user", "static_otp", "webhook", "twilio", "mailpit", "imap", "exec", "chain"},
		inside("inbox \"x\""):                                         {"listen"},
		"locals {\n  x = HERE.x\n}\n":                                 {"module", "scenario", "load", "monitor", "authbench"},
		"locals {\n  x = HERE(1)\n}\n":                                {"jsonpath", "jwtverify", "totp"},
	}
	for place, words := range places {
		for _, word := range words {
			forms := []string{word}
			if strings.Contains(place, "\nHERE\n") || place == "HERE" {
				forms = []string{word + " {\n}", word + " \"a\" {\n}", word + " = 1"}
			}
			for _, form := range forms {
				found := 0
				for _, d := range text(t, strings.ReplaceAll(place, "HERE", form)+"\n").Diags {
					if d.Summary == "Not supported yet" && strings.Contains(d.Detail, word) {
						found++
					}
				}
				if found != 1 {
					t.Errorf("%q is refused by name %d times in %q", form, found, place)
				}
			}
		}
	}
}

func TestMissingRequiredBlock(t *testing.T) {
	t.Parallel()
	kind := &steps.Kind{Name: "k", Args: []steps.Arg{{Name: "extract", Type: cty.Map(cty.String), Block: true, Required: true}}}
	loaded, err := lang.Load(lang.Options{
		Path: write(t, t.TempDir(), "main.hcl", "scenario \"x\" {\n  step \"k\" \"a\" {}\n}\n"), Registry: steps.NewRegistry(nil, kind),
	})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, loaded.Diags, "Missing required block")
}

func TestLoadPolicy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got, diags, err := lang.LoadPolicy(write(t, dir, "good.hcl", "emulator {\n  seed = 7\n\n  otp {\n    attempts = 2\n  }\n}\n"))
	if err != nil || len(diags) > 0 || got.Seed == nil || *got.Seed != 7 || got.OTP.Attempts != 2 || got.SigningAlg != policy.RS256 {
		t.Errorf("policy %+v, %v, %v", got, diags, err)
	}
	for content, want := range map[string]string{
		"": "Missing emulator block", "emulator {\n  seed = x.y\n}\n": "Invalid reference", "emulator {}\nprovider \"x\" {}\n": "Unsupported block",
	} {
		_, diags, err := lang.LoadPolicy(write(t, dir, "bad.hcl", content))
		if err != nil {
			t.Fatal(err)
		}
		wants(t, diags, want)
	}
	if _, _, err := lang.LoadPolicy(filepath.Join(dir, "missing.hcl")); err == nil {
		t.Error("a missing file is no error")
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	got, diags := lang.Format("x.hcl", []byte("scenario \"x\" {\n a=1\n   bcd   = 2\n}\n"))
	if want := "scenario \"x\" {\n  a   = 1\n  bcd = 2\n}\n"; len(diags) > 0 || string(got) != want {
		t.Errorf("formatted to %s, %v", got, diags)
	}
	if got, diags := lang.Format("x.hcl", []byte("a = [")); got != nil || !diags.HasErrors() {
		t.Errorf("a broken file is formatted to %s, %v", got, diags)
	}
	for _, glob := range []string{"testdata/valid/*.hcl", "../../scenarios/*.hcl", "../../examples/*.hcl"} {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", glob, err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got, diags := lang.Format(file, content); len(diags) > 0 || string(got) != string(content) {
				t.Errorf("%s is not formatted: %v", file, diags)
			}
		}
	}
}
