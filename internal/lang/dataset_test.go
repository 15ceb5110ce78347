package lang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
)

// dataset loads a configuration with a dataset "d" of this body.
func dataset(t testing.TB, dir, body string) *lang.Loaded {
	t.Helper()
	return load(t, lang.Options{Path: write(t, dir, "main.hcl", provider+"dataset \"d\" {\n"+body+"\n}\nscenario \"x\" {\n  description = \"x\"\n"+
		"  step \"http_request\" \"r\" {\n    url  = \"http://127.0.0.1:1\"\n    json = dataset.d.row\n  }\n}\n")})
}

func rows(t *testing.T, loaded *lang.Loaded) []cty.Value {
	t.Helper()
	wants(t, loaded.Diags)
	table := loaded.Plan.Datasets[0].Rows
	out := make([]cty.Value, table.Len())
	for i := range out {
		out[i] = table.Row(i)
	}
	return out
}

func TestDatasetRows(t *testing.T) {
	t.Parallel()
	object := cty.ObjectVal
	texts := func(phone, name string) cty.Value {
		return object(map[string]cty.Value{"phone": cty.StringVal(phone), "name": cty.StringVal(name)})
	}
	for name, c := range map[string]struct {
		file, body string
		want       []cty.Value
	}{
		"csv":           {"phone,name\n+1,\"a, \"\"b\"\"\"\n+2,\n", `file = "in.csv"`, []cty.Value{texts("+1", `a, "b"`), texts("+2", "")}},
		"csv, BOM, CR":  {"\ufeffphone,name\r\n+1,a\r\n", `file = "in.csv"`, []cty.Value{texts("+1", "a")}},
		"csv, lines":    {"phone,name\n+1,\"a\nb\"\n", `file = "in.csv"`, []cty.Value{texts("+1", "a\nb")}},
		"csv, columns":  {"x y,name,phone\n0,a,+1\n", "file = \"in.csv\"\n  columns = [\"phone\", \"name\"]", []cty.Value{texts("+1", "a")}},
		"csv, a number": {"phone,name\n1,2\n", `file = "in.csv"`, []cty.Value{texts("1", "2")}},
		"json": {`[{"a":1,"b":null,"c":"x"},{"c":2,"b":true,"a":2}]`, `file = "in.json"`, []cty.Value{
			object(map[string]cty.Value{"a": cty.NumberIntVal(1), "b": cty.NullVal(cty.Bool), "c": cty.StringVal("x")}),
			object(map[string]cty.Value{"a": cty.NumberIntVal(2), "b": cty.True, "c": cty.NumberIntVal(2)}),
		}},
		"json, columns": {`[{"a":1,"b":{"c":[]}},{"b":null,"c":2,"a":2}]`, "file = \"in.json\"\n  columns = [\"b\"]", []cty.Value{
			object(map[string]cty.Value{"b": object(map[string]cty.Value{"c": cty.EmptyTupleVal})}),
			object(map[string]cty.Value{"b": cty.NullVal(object(map[string]cty.Value{"c": cty.EmptyTupleVal}).Type())}),
		}},
		"csv, secret": {"phone,name\n+1,canary\n", "file = \"in.csv\"\n  sensitive = [\"name\"]", []cty.Value{
			object(map[string]cty.Value{"phone": cty.StringVal("+1"), "name": cty.StringVal("canary").Mark(eval.Sensitive)}),
		}},
		"rows": {"", `rows = [for n in ["a", "b"] : { n = n }]`, []cty.Value{
			object(map[string]cty.Value{"n": cty.StringVal("a")}), object(map[string]cty.Value{"n": cty.StringVal("b")}),
		}},
		"maps":   {"", `rows = tolist([tomap({ n = "a" })])`, []cty.Value{object(map[string]cty.Value{"n": cty.StringVal("a")})}},
		"secret": {"", `rows = sensitive([{ n = "canary" }])`, []cty.Value{object(map[string]cty.Value{"n": cty.StringVal("canary").Mark(eval.Sensitive)})}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write(t, dir, "in.csv", c.file)
			write(t, dir, "in.json", c.file)
			loaded := dataset(t, dir, "  "+c.body)
			if diff := cmp.Diff(rows(t, loaded), c.want, cmp.Comparer(cty.Value.RawEquals)); diff != "" {
				t.Errorf("rows (-got +want):\n%s", diff)
			}
			table := loaded.Plan.Datasets[0].Rows
			for i := range table.Len() {
				row := table.Row(i)
				if plain, _ := row.UnmarkDeep(); name != "json" && !plain.Type().Equals(table.Type()) {
					t.Errorf("row %d is %s, and the table holds %s", i, plain.Type().FriendlyName(), table.Type().FriendlyName())
				}
			}
		})
	}
}

// A message names the line of the file, and shows nothing that stands there.
func TestDatasetMistakes(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"a,b\n1,2\ncanary\n":     "in.csv, line 3: the row has another number of cells",
		"a,b\n1,\"canary\n":      "line 2: a cell with quotes does not end",
		"a,b\n1,2\n3,x\"canary":  "line 3: a quote stands inside a cell",
		"canary 1,canary 2\n1,2": "line 1: the name of column 1 is not an identifier",
		"":                       "line 1: the first row must name the columns",
		"a,b\n":                  "there is no row",
		"a,canary-1,canary-1\n":  "line 1: column 3 has the name of another one",
	} {
		dir := t.TempDir()
		write(t, dir, "in.csv", content)
		loaded := dataset(t, dir, `  file = "in.csv"`)
		wants(t, loaded.Diags, "Invalid dataset: "+want)
		if text, doc := rendered(t, loaded.Diags); strings.Contains(text+doc, "canary") {
			t.Errorf("%q: a cell is shown:\n%s", content, text)
		}
	}
	for content, want := range map[string]string{
		"[\n{\"a\":1},\n{\"b\":\"canary\"}]": `in.json, line 3: row 2: the column "a" is missing`,
		"[\n{\"a\":1},\n\"canary\"]":         "line 3: row 2 is not an object",
		"[\n{\"a\":1},\nnull]":               "line 3: row 2 is not an object",
		"[{\"a\":1},{\"a\":1,\"b\":2}]":      "row 2: it has a column that the first row does not have",
		"[{\"a\":1e99999999}]":               `the value of "a" can not be used: it is a number out of range`,
		"[{\"a b\":1}]":                      "the name of column 1 is not an identifier",
		"[{}]":                               "there is no column",
		"[{\"a\":1}":                         "the array does not end",
		"[{\"a\":1}] canary":                 "there is something after the array",
		"{\"a\":1}":                          "the file must hold an array of objects",
	} {
		dir := t.TempDir()
		write(t, dir, "in.json", content)
		loaded := dataset(t, dir, `  file = "in.json"`)
		wants(t, loaded.Diags, "Invalid dataset: "+want)
		if text, doc := rendered(t, loaded.Diags); strings.Contains(text+doc, "canary") {
			t.Errorf("%q: a cell is shown:\n%s", content, text)
		}
	}
}

// A file is looked for inside the configuration's directory alone, and only so much of
// it is read.
func TestDatasetFileIsConfined(t *testing.T) {
	t.Parallel()
	outside := write(t, t.TempDir(), "out.csv", "a\n1\n")
	for _, put := range []func(path string) error{
		func(path string) error { return os.Symlink(outside, path) },
		func(path string) error { return os.Mkdir(path, 0o700) },
		func(path string) error {
			f, err := os.Create(path)
			if err != nil {
				return err
			}
			defer func() { _ = f.Close() }()
			return f.Truncate(lang.MaxDatasetFile + 1)
		},
		func(string) error { return nil },
	} {
		dir := t.TempDir()
		if err := put(filepath.Join(dir, "in.csv")); err != nil {
			t.Fatal(err)
		}
		wants(t, dataset(t, dir, `  file = "in.csv"`).Diags, "Invalid dataset")
	}
	wants(t, dataset(t, t.TempDir(), "  file = "+`"`+outside+`"`).Diags, "Invalid dataset")
}

// What a scenario refers to, through locals as well, is what it gets.
func TestScenarioKnowsItsDatasetsAndFixtures(t *testing.T) {
	t.Parallel()
	loaded := load(t, lang.Options{Path: "testdata/valid/load.hcl"})
	got := map[string][]string{}
	for _, sc := range loaded.Plan.Scenarios {
		var names []string
		for _, d := range sc.Datasets {
			names = append(names, d.Name)
		}
		for _, f := range sc.Fixtures {
			names = append(names, f.Name)
		}
		got[sc.Name] = names
	}
	want := map[string][]string{"signin": {"phones", "people", "secrets"}, "change": {"secrets", "session", "warm"}}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	secrets := loaded.Plan.Datasets[2]
	if columns := secrets.Rows.Columns(); secrets.Mode != plan.DatasetRandom || !columns[2].Sensitive || columns[1].Sensitive {
		t.Errorf("the dataset is %+v", secrets)
	}
	f := loaded.Plan.Fixtures[0]
	if !f.PerUser || len(f.Flow.Body) != 2 || len(f.Flow.Teardown) != 1 || len(f.Flow.Outputs) != 2 {
		t.Errorf("the fixture is %+v", f.Flow)
	}
}
