package arch_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// A law looks at the whole program and lists what breaks it.
type law struct {
	name  string
	check func([]source) []string
}

func laws() []law {
	return []law{
		{"imports point down, as the table says", importsOfOurs},
		{"modules of others stay in their rooms", importsOfOthers},
		{"every package says what it is for", packageComments},
		{"only main ends the process", nobodyExits},
		{"the process is touched at one door", processAtOneDoor},
		{"nothing runs by being imported", noInit},
		{"nobody sleeps", noSleep},
		{"the emulator has no time but its projects' clocks", noOtherClock},
		{"package variables hold still", stillVariables},
		{"secrets are compared in constant time", constantTime},
		{"only four packages know the first provider", providerIsKnownToFew},
	}
}

func importsOfOurs(all []source) []string {
	byPath := map[string]room{}
	for _, r := range rooms() {
		byPath[r.path] = r
	}
	var out []string
	for _, s := range all {
		here, known := byPath[s.room]
		if !known {
			out = append(out, fmt.Sprintf("%s: package %s is not in the table", s.name, s.room))
			continue
		}
		for _, imported := range s.imports() {
			rest, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			name := roomOf(rest)
			there, known := byPath[name]
			switch {
			case !known:
				out = append(out, fmt.Sprintf("%s: imports %s, which is not in the table", s.name, name))
			case there.floor >= here.floor:
				out = append(out, fmt.Sprintf("%s: %s (floor %d) imports %s (floor %d)", s.name, here.path, here.floor, name, there.floor))
			case !slices.Contains(here.imports, name):
				out = append(out, fmt.Sprintf("%s: %s may not import %s", s.name, here.path, name))
			case strings.HasSuffix(name, "test"):
				out = append(out, fmt.Sprintf("%s: imports %s, which is for tests", s.name, name))
			}
		}
	}
	return out
}

func importsOfOthers(all []source) []string {
	var out []string
	for _, s := range all {
		for _, imported := range s.imports() {
			if !strings.Contains(strings.Split(imported, "/")[0], ".") || strings.HasPrefix(imported, module+"/") {
				continue
			}
			i := slices.IndexFunc(tenants(), func(t tenant) bool {
				return imported == t.module || strings.HasPrefix(imported, t.module+"/")
			})
			if i < 0 || !slices.Contains(tenants()[i].rooms, s.room) {
				out = append(out, fmt.Sprintf("%s: %s may not import %s", s.name, s.room, imported))
			}
		}
	}
	return out
}

func packageComments(all []source) []string {
	told := map[string]int{}
	for _, s := range all {
		if s.file.Doc != nil {
			told[s.room]++
		} else {
			told[s.room] += 0
		}
	}
	var out []string
	for name, n := range told {
		if n != 1 {
			out = append(out, fmt.Sprintf("package %s has %d package comments", name, n))
		}
	}
	slices.Sort(out)
	return out
}

func nobodyExits(all []source) []string {
	return each(all, except("/cmd/authbench"), func(s source) []string {
		return slices.Concat(s.uses("os", "Exit"), s.uses("log", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln"),
			s.uses("runtime", "Goexit"))
	})
}

func processAtOneDoor(all []source) []string {
	return each(all, except("cli"), func(s source) []string {
		found := slices.Concat(
			s.uses("os", "Stdin", "Stdout", "Stderr", "Getenv", "LookupEnv", "Environ", "Setenv", "ExpandEnv", "Chdir", "Getwd"),
			s.uses("fmt", "Print", "Printf", "Println"),
			s.uses("log", "Print", "Printf", "Println"), s.uses("log/slog", "Default", "SetDefault"))
		if s.room != "/cmd/authbench" {
			found = slices.Concat(found, s.uses("os", "Args"), s.uses("os/signal", "Notify", "NotifyContext"))
		}
		return found
	})
}

func noInit(all []source) []string {
	return each(all, except(), func(s source) []string {
		var out []string
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				out = append(out, s.at(f.Pos()))
			}
		}
		return out
	})
}

func noSleep(all []source) []string {
	return each(all, except(), func(s source) []string { return s.uses("time", "Sleep", "Tick") })
}

func noOtherClock(all []source) []string {
	return each(all, only("emulator"), func(s source) []string {
		return s.uses("time", "Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker")
	})
}

// stillVariables finds package variables that can only be there to be changed: those
// without a first value, and exported ones that are not errors or types of values.
func stillVariables(all []source) []string {
	return each(all, except(), func(s source) []string {
		var out []string
		for _, d := range s.file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, spec := range decl.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && !still(decl, v) {
					out = append(out, s.at(v.Pos()))
				}
			}
		}
		return out
	})
}

func still(decl *ast.GenDecl, v *ast.ValueSpec) bool {
	if len(v.Values) == 0 {
		// The compiler fills in what is embedded.
		return decl.Doc != nil && slices.ContainsFunc(decl.Doc.List, func(c *ast.Comment) bool {
			return strings.HasPrefix(c.Text, "//go:embed ")
		})
	}
	for i, name := range v.Names {
		if name.IsExported() && !immutable(v.Values[min(i, len(v.Values)-1)]) {
			return false
		}
	}
	return true
}

// immutable knows the two sorts of exported variables that nothing can be changed
// through: sentinel errors and cty types.
func immutable(value ast.Expr) bool {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && (pkg.Name == "errors" && sel.Sel.Name == "New" || pkg.Name == "cty")
}

// providerIsKnownToFew bounds who imports the provider's packages. The command line
// builds the registry, and the target opens emulators; neither reads the wire types.
func providerIsKnownToFew(all []source) []string {
	knows := map[string][]string{
		module + "/internal/descope":          {"steps/descope", "emulator", "capture/descope"},
		module + "/internal/steps/descope":    {"cli"},
		module + "/internal/capture/descope":  {"cli", "target"},
		module + "/internal/emulator":         {"cli", "target"},
		module + "/internal/capture/emulator": {"target"},
	}
	return each(all, except(), func(s source) []string {
		var out []string
		for _, imported := range s.imports() {
			if rooms, bounded := knows[imported]; bounded && !slices.Contains(rooms, s.room) {
				out = append(out, fmt.Sprintf("%s: imports %s", s.name, imported))
			}
		}
		return out
	})
}

func each(all []source, in func(source) bool, find func(source) []string) []string {
	var out []string
	for _, s := range all {
		if in(s) {
			out = append(out, find(s)...)
		}
	}
	return out
}

func except(rooms ...string) func(source) bool {
	return func(s source) bool { return !slices.Contains(rooms, s.room) }
}

func only(rooms ...string) func(source) bool {
	return func(s source) bool { return slices.Contains(rooms, s.room) }
}
