package lang_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authbench/authbench/internal/lang"
)

func TestEmptyConfigurationIsValid(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "\n", "# nothing\n", "\ufeff"} {
		loaded := text(t, content)
		if len(loaded.Diags) > 0 || loaded.Plan == nil || len(loaded.Plan.Scenarios) > 0 {
			t.Errorf("%q: %v", content, loaded.Diags)
		}
	}
}

func TestUnfitFilesAreRefused(t *testing.T) {
	t.Parallel()
	big := bytes.Repeat([]byte("# ten bytes\n"), 10<<20/12)
	for name, c := range map[string]struct{ content, want string }{
		"binary":     {"\x7fELF\x02\x01\x01\x00\x00", "Not a text file"},
		"no UTF-8":   {"a = \"\xff\xfe\"\n", "Not a text file"},
		"10 MB":      {string(big), "File too large"},
		"1 MiB + 1":  {strings.Repeat("#", lang.MaxFileSize+1), "File too large"},
		"all 1 bits": {strings.Repeat("\xff", 1000), "Not a text file"},
	} {
		wants(t, text(t, c.content).Diags, c.want)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// Each of these would overflow the parser's stack, which no program survives, or keep
// it busy for minutes.
func TestDeepFilesAreRefused(t *testing.T) {
	t.Parallel()
	deep := func(s string) string { return strings.Repeat(s, levels) }
	rep := func(s string) string { return strings.Repeat(s, 5_000) }
	for name, content := range map[string]string{
		"brackets":     "a = " + deep("[") + deep("]"),
		"open":         "a = " + rep("["),
		"parentheses":  "a = " + rep("(") + "1" + rep(")"),
		"braces":       "a = " + rep("{") + rep("}"),
		"blocks":       deep("a {\n") + deep("}\n"),
		"calls":        "a = " + rep("f(") + rep(")"),
		"templates":    "a = " + deep(`"${`) + "1" + deep(`}"`),
		"heredocs":     rep("a = <<E\n${"),
		"not":          "a = " + deep("!") + "true",
		"minus":        "a = " + rep("-") + "1",
		"spaced minus": "a = " + rep("- ") + "1",
		"sum":          "a = 1" + rep(" + 1"),
		"and":          "a = true" + rep(" && true"),
		"compared":     "a = 1" + rep(" == 1"),
		"conditional":  "a = " + rep("true ? 1 : ") + "1",
		"nested if":    `a = "` + rep("%{ if true }") + rep("%{ endif }") + `"`,
		"nested for":   `a = "` + rep("%{for x in y}") + rep("%{endfor}") + `"`,
		"index":        "a = b" + rep("[0]"),
		"attributes":   "a = b" + rep(".c"),
		"splat":        "a = b" + rep("[*]"),
		"dot splat":    "a = b" + rep(".*"),
		"for":          "a = " + rep("[for x in "),
		"lines":        "a = (1" + rep("\n+ 1") + ")",
		"mixed":        "a = " + rep(`[{x=("${`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if len(content) > lang.MaxFileSize {
				content = content[:lang.MaxFileSize-1]
			}
			wants(t, text(t, content+"\n").Diags, "Nesting too deep")
		})
	}
}

// The bounds must not be felt by files that somebody writes.
func TestOrdinaryDepthIsAccepted(t *testing.T) {
	t.Parallel()
	content := provider + "scenario \"x\" {\n" + sender + "}\n" + "locals {\n" +
		"  deep = " + strings.Repeat("[", 100) + strings.Repeat("]", 100) + "\n" +
		"  list = [" + strings.Repeat("-1 + 1,\n", 5000) + "]\n" +
		"  text = \"" + strings.Repeat("${1 + 1}-%{ if true }x%{ endif }", 2000) + "\"\n" +
		"  used = [local.deep, local.list, local.text, local.used2]\n  used2 = " + strings.Repeat("1 + ", 900) + "1\n" +
		strings.Repeat("  # comment ((((((((((\n", 300) + "}\noutput = 1\n"
	wants(t, text(t, content).Diags, "Not supported yet")
}

// A large file that is wrong everywhere is told so in a moment, not in hours.
func TestManyMistakesAreBounded(t *testing.T) {
	t.Parallel()
	fill := func(f func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < mistaken; i++ {
			b.WriteString(f(i))
		}
		return b.String()
	}
	for name, content := range map[string]string{
		"blocks":    fill(func(i int) string { return fmt.Sprintf("b%d {}\n", i) }),
		"arguments": fill(func(i int) string { return fmt.Sprintf("a%d = 1\n", i) }),
		"variables": fill(func(i int) string { return fmt.Sprintf("variable \"v%d\" {}\n", i) }),
		"locals":    "locals {\n" + fill(func(i int) string { return fmt.Sprintf("a%d = local.b%d\n", i, i) }) + "}\n",
		"cycles":    "locals {\n" + fill(func(i int) string { return fmt.Sprintf("a%d = local.a%d\n", i, i) }) + "}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := text(t, content).Diags
			if len(diags) > 501 || diags[0].Summary != "Too many mistakes" {
				t.Errorf("%d diagnostics, the first is %s", len(diags), diags[0].Summary)
			}
		})
	}
	chain := "locals {\n" + fill(func(i int) string { return fmt.Sprintf("a%d = local.a%d\n", i, i+1) })
	chain += fmt.Sprintf("a%d = 1\n}\n", strings.Count(chain, "\n")-1)
	if diags := text(t, chain).Diags; diags.HasErrors() {
		t.Errorf("a long chain of locals: %v", summaries(diags)[:1])
	}
}

func TestTooManySteps(t *testing.T) {
	t.Parallel()
	many := "  for_each = toset([for i in range(1000) : tostring(i)])\n"
	var inScenarios, inSteps strings.Builder
	for i := range 21 {
		fmt.Fprintf(&inScenarios, "  step \"descope_me\" \"s%d\" {\n  }\n", i)
		fmt.Fprintf(&inSteps, "  step \"descope_me\" \"s%d\" {\n%s  }\n", i, many)
	}
	wants(t, text(t, provider+"scenario \"x\" {\n"+many+inScenarios.String()+"}\n").Diags, "Too many steps")
	wants(t, text(t, provider+"scenario \"x\" {\n"+many+inSteps.String()+"}\n").Diags, "Too many steps")
}

func TestUnreadablePaths(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(empty, "missing.hcl"): "no such file or directory",
		empty:                               "no *.hcl file in this directory",
	} {
		if _, err := lang.Load(lang.Options{Path: path, Registry: registry()}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

// The files of a directory are one configuration, and so are those of a file system.
func TestDirectory(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"b.hcl": provider + "scenario \"b\" {\n" + sender + "}\n", "a.hcl": "scenario \"a\" {\n" + sender + "  output \"v\" {\n    value = local.from_c\n  }\n}\n",
		"c.hcl": "locals {\n  from_c = 1\n}\n", "d.txt": "not read", "e.abvars": "not read",
	}
	dir, fsys := t.TempDir(), fstest.MapFS{}
	for name, content := range files {
		write(t, dir, name, content)
		fsys[name] = &fstest.MapFile{Data: []byte(content)}
	}
	for _, opts := range []lang.Options{{Path: dir}, {Path: ".", FS: fsys}} {
		loaded := load(t, opts)
		wants(t, loaded.Diags)
		if got := []string{loaded.Plan.Scenarios[0].Name, loaded.Plan.Scenarios[1].Name}; got[0] != "a" || got[1] != "b" {
			t.Errorf("scenarios are %v", got)
		}
	}
	write(t, dir, "z.hcl", "scenario \"a\" {\n"+sender+"}\n\nlocals {\n  from_c = 2\n}\n")
	diags := load(t, lang.Options{Path: dir}).Diags
	wants(t, diags, "Duplicate scenario: a.hcl:1", "Duplicate local: c.hcl:2")
	for _, d := range diags {
		if filepath.Base(d.Range.Filename) != "z.hcl" {
			t.Errorf("%s is told of %s", d.Summary, d.Range.Filename)
		}
	}
}

func TestFilesAreConfined(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "conf"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "outside.txt", "outside")
	conf := filepath.Join(dir, "conf")
	write(t, conf, "inside.txt", "inside")
	if err := os.Symlink("../outside.txt", filepath.Join(conf, "link.txt")); err != nil {
		t.Fatal(err)
	}
	content := "locals {\n  a = file(\"inside.txt\")\n  b = file(\"${path.module}/inside.txt\")\n  c = file(\"../outside.txt\")\n  d = file(\"link.txt\")\n  e = [local.a, local.b, local.c, local.d, local.e2]\n" +
		"  e2 = file(\"" + filepath.Join(dir, "outside.txt") + "\")\n}\n"
	diags := load(t, lang.Options{Path: write(t, conf, "main.hcl", content)}).Diags
	wants(t, diags, "Invalid function argument", "Invalid function argument", "Invalid function argument")
	for _, d := range diags {
		if d.Range.Start.Line < 4 {
			t.Errorf("line %d is refused", d.Range.Start.Line)
		}
	}
}
