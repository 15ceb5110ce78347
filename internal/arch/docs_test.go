package arch_test

import (
	"go/ast"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const architecture = "../../docs/ARCHITECTURE.md"

// TestFloorsAreDocumented compares the table of the page with the one that is tested.
func TestFloorsAreDocumented(t *testing.T) {
	t.Parallel()
	var want []string
	for _, r := range rooms() {
		imports := "none"
		if len(r.imports) > 0 {
			imports = strings.ReplaceAll(strings.Join(r.imports, ", "), "/scenarios", "scenarios")
		}
		dir, outside := strings.CutPrefix(r.path, "/")
		if !outside {
			dir = "internal/" + r.path
		}
		want = append(want, strconv.Itoa(r.floor)+" `"+dir+"` "+imports)
	}
	if d := cmp.Diff(documentedFloors(page(t)), want); d != "" {
		t.Errorf("docs/ARCHITECTURE.md and table_test.go differ (-page +table):\n%s", d)
	}
	if len(documentedFloors("| 1 | `internal/x` | its job | none |")) != 1 {
		t.Error("a row of the table is not seen")
	}
}

var row = regexp.MustCompile("(?m)^\\| ([0-9]) \\| (`[a-z/]+`) \\| .* \\| ([a-z/, ]+) \\|$")

func documentedFloors(text string) []string {
	var out []string
	for _, m := range row.FindAllStringSubmatch(text, -1) {
		out = append(out, strings.Join(m[1:], " "))
	}
	return out
}

// TestTenantsAreExplained looks for every module of others on the page that says why.
func TestTenantsAreExplained(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/decisions/0001-dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range tenants() {
		if name := path.Base(strings.TrimSuffix(strings.TrimSuffix(m.module, "/v2"), "/v4")); !strings.Contains(string(text), name) {
			t.Errorf("%s is not explained", m.module)
		}
	}
}

// TestBoxesExist looks for every function and type that the page names.
func TestBoxesExist(t *testing.T) {
	t.Parallel()
	all, err := read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	declared := names(all)
	found := 0
	for _, m := range regexp.MustCompile(`\b([a-z]+)\.([A-Za-z]+)\b`).FindAllStringSubmatch(page(t), -1) {
		if known, ours := declared[m[1]]; ours {
			found++
			if !known[m[2]] {
				t.Errorf("%s is not in package %s", m[0], m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d names were found", found)
	}
}

// names maps the last element of each package's path to what it declares, methods
// included.
func names(all []source) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, s := range all {
		known := out[path.Base(s.room)]
		if known == nil {
			known = map[string]bool{}
			out[path.Base(s.room)] = known
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				known[n.Name.Name] = true
				return false
			case *ast.TypeSpec:
				known[n.Name.Name] = true
			case *ast.Field:
				for _, name := range n.Names {
					known[name.Name] = true
				}
			}
			return true
		})
	}
	return out
}

func page(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(architecture)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
