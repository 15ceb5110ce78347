package emulator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// The system's clock may be named once, as the default of Options.Clock:
// everything else must follow the injected one.
func TestOneUseOfTheSystemClock(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var uses []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		source, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		uses = append(uses, clockUses(t, f.Name(), string(source))...)
	}
	if len(uses) != 1 || !strings.HasPrefix(uses[0], "emulator.go:") || !strings.HasSuffix(uses[0], "time.Now") {
		t.Errorf("uses of the system clock: %v, want one time.Now in emulator.go", uses)
	}
	if got := clockUses(t, "x.go", "package x\nimport w \"time\"\nvar _ = w.Since"); len(got) != 1 {
		t.Errorf("the guard does not see w.Since: %v", got)
	}
}

func clockUses(t *testing.T, name, source string) []string {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	local := ""
	for _, i := range file.Imports {
		if i.Path.Value == `"time"` {
			local = "time"
			if i.Name != nil {
				local = i.Name.Name
			}
		}
	}
	var uses []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && local != "" && x.Name == local {
				switch s.Sel.Name {
				case "Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker":
					uses = append(uses, set.Position(n.Pos()).String()+" "+x.Name+"."+s.Sel.Name)
				}
			}
		}
		return true
	})
	return uses
}
