package eval_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
)

// call is a call of a function: its arguments as the language writes them, and what
// the value looks like.
type call struct {
	name string
	args []string
	want string
}

func f(name, want string, args ...string) call { return call{name, args, want} }

const token = `"eyJhbGciOiJub25lIn0.eyJzdWIiOiJVMSIsImV4cCI6OTAwNzE5OTI1NDc0MDk5Mywibm9uZSI6bnVsbH0.c2ln"`

// calls has what Terraform's documentation promises for functions of its name.
var calls = []call{
	f("abs", "12.5", "-12.5"), f("can", "true", `tonumber("1")`), f("can", "false", `tonumber("x")`),
	f("ceil", "6", "5.1"), f("floor", "-2", "-1.1"), f("chomp", `"hello"`, `"hello\r\n\n"`),
	f("chunklist", `[["a","b"],["c"]]`, `["a", "b", "c"]`, "2"),
	f("coalesce", `"a"`, `null`, `""`, `"a"`, `"b"`), f("coalesce", "1", "1", "2"),
	f("coalescelist", `["c"]`, `[]`, `["c"]`), f("compact", `["a","b"]`, `["a", "", "b", null]`),
	f("concat", `["a","b"]`, `["a"]`, `["b"]`), f("contains", "true", `["a", "b"]`, `"a"`), f("contains", "false", `["a"]`, `"c"`),
	f("csvdecode", `[{"a":"1","b":"2"}]`, `"a,b\n1,2\n"`), f("distinct", `["a","b"]`, `["a", "b", "a"]`),
	f("element", `"b"`, `["a", "b", "c"]`, "4"), f("flatten", `["a","b","c"]`, `[["a"], [], ["b", ["c"]]]`),
	f("format", `"x-00042 true"`, `"%s-%05d %t"`, `"x"`, "42", "true"), f("format", `"{\"a\":1}"`, `"%#v"`, `{ a = 1 }`),
	f("formatdate", `"02 Jan 2026"`, `"DD MMM YYYY"`, `"2026-01-02T23:12:01Z"`), f("formatlist", `["a!","b!"]`, `"%s!"`, `["a", "b"]`),
	f("indent", `"a\n  b"`, "2", `"a\nb"`), f("join", `"a-b"`, `"-"`, `["a", "b"]`),
	f("jsondecode", `{"a":[1,null]}`, `"{\"a\":[1,null]}"`), f("jsonencode", `"{\"a\":[1,null]}"`, `{ a = [1, null] }`),
	f("keys", `["a","b"]`, `{ b = 1, a = 2 }`), f("values", `[2,1]`, `{ b = 1, a = 2 }`),
	f("log", "4", "16", "2"), f("lower", `"aé"`, `"AÉ"`), f("upper", `"AÉ"`, `"aé"`), f("max", "3", "1", "3", "2"), f("min", "1", "1", "3", "2"),
	f("merge", `{"a":2,"b":1}`, `{ a = 1, b = 1 }`, `{ a = 2 }`), f("parseint", "255", `"FF"`, "16"), f("pow", "8", "2", "3"),
	f("range", `[0,1,2]`, "3"), f("regex", `["1","2"]`, `"([0-9])-([0-9])"`, `"x1-2y"`), f("regexall", `["1","2"]`, `"[0-9]"`, `"a1b2"`),
	f("reverse", `["b","a"]`, `["a", "b"]`), f("setintersection", `["b"]`, `["a", "b"]`, `["b", "c"]`),
	f("setproduct", `[["a","x"],["b","x"]]`, `["a", "b"]`, `["x"]`), f("setsubtract", `["a"]`, `["a", "b"]`, `["b"]`),
	f("setunion", `["a","b"]`, `["a"]`, `["b"]`), f("signum", "-1", "-9"), f("slice", `["b"]`, `["a", "b", "c"]`, "1", "2"),
	f("sort", `["a","b"]`, `["b", "a"]`), f("split", `["a","b"]`, `","`, `"a,b"`), f("strrev", `"olleh"`, `"hello"`),
	f("substr", `"ell"`, `"hello"`, "1", "3"), f("substr", `"lo"`, `"hello"`, "-2", "-1"),
	f("timeadd", `"2026-01-02T00:10:00Z"`, `"2026-01-02T00:00:00Z"`, `"10m"`), f("title", `"Hello World"`, `"hello world"`),
	f("trim", `"hello"`, `"?!hello?!"`, `"!?"`), f("trimprefix", `"world"`, `"helloworld"`, `"hello"`),
	f("trimspace", `"a"`, `" a\n"`), f("trimsuffix", `"hello"`, `"helloworld"`, `"world"`),
	f("try", `"b"`, `tonumber("x")`, `"b"`), f("zipmap", `{"a":1}`, `["a"]`, `[1]`),
	f("tobool", "true", `"true"`), f("tolist", `["a","b"]`, `["a", "b"]`), f("tomap", `{"a":1}`, `{ a = 1 }`), f("tonumber", "1", `"1"`),
	f("toset", `["a","b"]`, `["b", "a", "a"]`), f("tostring", `"1"`, "1"),

	f("alltrue", "true", `[true, true]`), f("alltrue", "true", `[]`), f("alltrue", "false", `[true, null]`),
	f("anytrue", "true", `[false, true]`), f("anytrue", "false", `[]`), f("anytrue", "true", `[null, true]`),
	f("length", "2", `["a", "b"]`), f("length", "1", `{ a = 1 }`), f("length", "1", `"👨‍👩‍👧"`), f("length", "2", `toset(["a", "b"])`),
	f("lookup", "1", `{ a = 1 }`, `"a"`, "0"), f("lookup", "0", `{ a = 1 }`, `"b"`, "0"), f("lookup", "7", `tomap({ a = 1 })`, `"b"`, `"7"`),
	f("index", "1", `["a", "b"]`, `"b"`), f("one", `"a"`, `["a"]`), f("one", "null", `[]`), f("sum", "6.5", `[1, 2, 3.5]`),
	f("startswith", "true", `"hello"`, `"he"`), f("endswith", "true", `"hello"`, `"lo"`), f("strcontains", "false", `"hello"`, `"x"`),
	f("replace", `"1 - 2"`, `"1 + 2"`, `"+"`, `"-"`), f("replace", `"b=a"`, `"a=b"`, `"/(\\w)=(\\w)/"`, `"$2=$1"`),

	f("base64encode", `"aGk/"`, `"hi?"`), f("base64decode", `"hi?"`, `"aGk/"`), f("base64urlencode", `"aGk_"`, `"hi?"`), f("base64urldecode", `"hi?"`, `"aGk_"`),
	f("urlencode", `"a+b%2F"`, `"a b/"`), f("urldecode", `"a b/"`, `"a+b%2F"`),
	f("md5", `"900150983cd24fb0d6963f7d28e17f72"`, `"abc"`), f("sha1", `"a9993e364706816aba3e25717850c26c9cd0d89d"`, `"abc"`),
	f("sha256", `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`, `"abc"`),
	f("sha512", `"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"`, `"abc"`),
	f("hmacsha256", `"f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"`, `"key"`, `"The quick brown fox jumps over the lazy dog"`),
	f("file", `"hello"`, `"hello.txt"`), f("fileexists", "true", `"binary.bin"`), f("fileexists", "false", `"../outside.txt"`),

	f("fake_phone", `"+12015550100"`, "0"), f("fake_phone", `"+12025550101"`, "101"), f("fake_email", `"user-7@example.test"`, "7"),
	f("jwtdecode", `{"claims":{"exp":9007199254740993,"none":null,"sub":"U1"},"header":{"alg":"none"}}`, token),
	f("urlquery", `{"a":"1","t":"x y"}`, `"https://x.test/v?t=x+y&a=1&a=2"`), f("urlquery", `{}`, `"https://x.test/"`),
	f("duration_ms", "90500", `"1m30.5s"`),
	f("sensitive", "(sensitive)", `"a"`), f("nonsensitive", `"a"`, `sensitive("a")`), f("issensitive", "true", `sensitive("a")`), f("issensitive", "false", `"a"`),
}

func (c call) text() string { return c.name + "(" + strings.Join(c.args, ", ") + ")" }

func TestFunctions(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		v, diags := value(t, c.text(), nil)
		if diags.HasErrors() {
			t.Errorf("%s: %v", c.text(), diags)
			continue
		}
		if got := eval.Show(v); got != c.want {
			t.Errorf("%s = %s, want %s", c.text(), got, c.want)
		}
	}
}

func TestEveryFunctionIsTested(t *testing.T) {
	t.Parallel()
	tested := append([]string(nil), eval.ImpureNames()...) // random_test.go
	for _, c := range calls {
		tested = append(tested, c.name)
	}
	for _, name := range eval.FunctionNames() {
		if !slices.Contains(tested, name) {
			t.Errorf("%s has no test", name)
		}
	}
}

// bound gives the call with its arguments as variables, each changed by change.
func (c call) bound(t *testing.T, change func(cty.Value) cty.Value) (string, map[string]cty.Value) {
	t.Helper()
	vars := map[string]cty.Value{}
	names := make([]string, len(c.args))
	for i, a := range c.args {
		names[i] = fmt.Sprintf("var.a%d", i)
		v, diags := value(t, a, nil)
		if diags.HasErrors() {
			return "", nil // try and can get an expression that fails
		}
		vars[fmt.Sprintf("a%d", i)] = change(v)
	}
	return c.name + "(" + strings.Join(names, ", ") + ")", vars
}

func TestFunctionsKeepSecrets(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		text, vars := c.bound(t, func(v cty.Value) cty.Value { return v.Mark(eval.Sensitive) })
		if text == "" || c.name == "nonsensitive" || c.name == "issensitive" || c.name == "can" {
			continue
		}
		v, diags := value(t, text, vars)
		if diags.HasErrors() {
			t.Errorf("%s of sensitive values: %v", c.text(), diags)
			continue
		}
		if !eval.IsSensitive(v) {
			t.Errorf("%s of sensitive values is %s: the mark is lost", c.text(), eval.Show(v))
		}
		if plain, _ := v.UnmarkDeep(); c.name != "sensitive" && eval.Show(plain) != c.want {
			t.Errorf("%s of sensitive values is %s, want %s", c.text(), eval.Show(plain), c.want)
		}
	}
}

func TestFunctionsOfUnknownValues(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		for _, unknown := range []func(cty.Value) cty.Value{
			func(v cty.Value) cty.Value { return cty.UnknownVal(v.Type()) },
			func(cty.Value) cty.Value { return cty.DynamicVal },
		} {
			text, vars := c.bound(t, unknown)
			if text == "" || len(vars) == 0 {
				continue
			}
			if v, diags := value(t, text, vars); diags.HasErrors() {
				t.Errorf("%s of unknown values: %v", c.text(), diags)
			} else if v.IsWhollyKnown() && c.name != "length" && c.name != "keys" && c.name != "issensitive" {
				t.Errorf("%s of unknown values is %s", c.text(), eval.Show(v))
			}
		}
	}
}

func TestFunctionsOfNullDoNotPanic(t *testing.T) {
	t.Parallel()
	for _, c := range calls {
		text, vars := c.bound(t, func(v cty.Value) cty.Value { return cty.NullVal(v.Type()) })
		if text != "" {
			_, _ = value(t, text, vars)
		}
	}
}

// What a function says about its arguments must not give a secret away.
func TestFunctionErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	canary := secretValue("canary\x01(4711")
	garbage := []cty.Value{
		canary,
		secretValue("{canary 4711"), secretValue("2026-canary-4711"), secretValue("%canary %4711z"), secretValue("a,canary\n1,2,4711\n"),
		cty.ListVal([]cty.Value{canary, canary}), cty.MapVal(map[string]cty.Value{"canary4711": canary}).Mark(eval.Sensitive),
		cty.NumberIntVal(-4711).Mark(eval.Sensitive), cty.TupleVal([]cty.Value{canary, cty.NumberIntVal(4711)}),
	}
	failed := 0
	for _, name := range eval.FunctionNames() {
		for _, g := range garbage {
			for _, args := range []string{"var.g", "var.g, var.g", "var.g, var.g, var.g", `"x", var.g`, "var.g, 1", "1, var.g", "[var.g]", "[for g in [var.g] : g]..."} {
				text := name + "(" + args + ")"
				_, diags := value(t, text, map[string]cty.Value{"g": g})
				for _, d := range diags {
					failed++
					if said := fmt.Sprint(d.Summary, d.Detail, d.Values, d.Sections); strings.Contains(said, "canary") || strings.Contains(said, "4711") {
						t.Errorf("%s with %#v says %s", text, g, said)
					}
				}
			}
		}
	}
	if failed < 500 {
		t.Errorf("only %d calls failed: the test proves nothing", failed)
	}
}

func TestFunctionErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`file("../outside.txt")`:           "no such file in the configuration's directory",
		`file("/etc/passwd")`:              "no such file in the configuration's directory",
		`file("binary.bin")`:               "not UTF-8",
		`file(".")`:                        "not a regular file",
		`fake_phone(-1)`:                   "must be from 0 to",
		`fake_phone(1e9)`:                  "must be from 0 to",
		`fake_phone(1.5)`:                  "must be a whole number",
		`jwtdecode("a.b")`:                 "must have three parts",
		`jwtdecode("!.b.c")`:               "the header of the token is not base64url",
		`jwtdecode("e30.bnVsbA.c")`:        "the payload of the token is not a JSON object",
		`urlquery("http://x/?a=%zz")`:      "malformed",
		`duration_ms("1 minute")`:          "not a duration",
		`one(["a", "b"])`:                  "has 2 elements",
		`sum([])`:                          "must not be empty",
		`index(["a"], "b")`:                "not in the list",
		`lookup(tomap({a = 1}), "b", "x")`: "must be of the type of the map's elements",
		`coalesce(null, "")`:               "every argument is null or an empty text",
		`replace("a", "/(/", "b")`:         "not a regular expression: missing closing )",
		`base64decode("%")`:                "not a base64 text",
		`urldecode("%zz")`:                 "not a URL-encoded text",
		`length(1)`:                        "must be a text or a collection",
		`randint(2, 1)`:                    "max must not be below min",
		`randstring(0)`:                    "length must be from 1 to 1024",
		`randint(0.5, 1)`:                  "must be a whole number",
	} {
		_, diags := value(t, text, nil)
		if !diags.HasErrors() || !strings.Contains(diags[0].Detail, want) {
			t.Errorf("%s says %v, want %q in it", text, diags, want)
		}
	}
}

func TestFakePhonesAreDistinctAndReserved(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	fn := eval.Functions("")["fake_phone"]
	areas := map[string]bool{}
	for n := range eval.FakePhones {
		v, err := fn.Call([]cty.Value{cty.NumberIntVal(int64(n))})
		if err != nil {
			t.Fatal(err)
		}
		phone := v.AsString()
		if before, ok := seen[phone]; ok {
			t.Fatalf("fake_phone(%d) and fake_phone(%d) are both %s", before, n, phone)
		}
		seen[phone] = n
		area, line := phone[2:5], phone[8:]
		areas[area] = true
		if len(phone) != 12 || phone[:2] != "+1" || area[0] < '2' || area[1:] == "11" || phone[5:8] != "555" || line < "0100" || line > "0199" {
			t.Fatalf("fake_phone(%d) = %s is outside the ranges kept for fiction", n, phone)
		}
	}
	if got, want := len(areas)*100, eval.FakePhones; got != want {
		t.Errorf("%d numbers from the area codes, want %d: a code is listed twice", got, want)
	}
}

func TestBuiltInConfigurationHasNoFiles(t *testing.T) {
	t.Parallel()
	fs := eval.Functions("")
	if _, err := fs["file"].Call([]cty.Value{cty.StringVal("hello.txt")}); err == nil {
		t.Error("file read from a configuration without a directory")
	}
	if v, err := fs["fileexists"].Call([]cty.Value{cty.StringVal("functions_test.go")}); err != nil || v.True() {
		t.Errorf("fileexists = %#v, %v, want false", v, err)
	}
}
