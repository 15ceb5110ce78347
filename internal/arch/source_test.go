package arch_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/authbench/authbench"

// source is one file of the program, tests left out.
type source struct {
	// room is the path of its package as in [rooms].
	room string
	name string
	fset *token.FileSet
	file *ast.File
}

// read parses every Go file of a module but its tests. The tests' own process reads,
// so that the test cache sees what was read.
func read(root fs.FS) ([]source, error) {
	var out []source
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || len(d.Name()) > 1 && d.Name()[0] == '.'):
			return fs.SkipDir
		case d.IsDir() && name != "." && isModule(root, name):
			return fs.SkipDir // a module of its own has rules of its own
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		out = append(out, source{room: roomOf(path.Dir(name)), name: name, fset: fset, file: file})
		return nil
	})
	if err == nil && len(out) == 0 {
		err = errors.New("no Go file found")
	}
	return out, err
}

// roomOf names a directory as the table does.
func roomOf(dir string) string {
	if inner, ok := strings.CutPrefix(dir, "internal/"); ok {
		return inner
	}
	return "/" + dir
}

// imports gives the paths that a file imports.
func (s source) imports() []string {
	var out []string
	for _, spec := range s.file.Imports {
		text, err := strconv.Unquote(spec.Path.Value)
		if err == nil {
			out = append(out, text)
		}
	}
	return out
}

// uses lists the places where a file names pkg.Name, whatever it calls the package.
func (s source) uses(pkg string, names ...string) []string {
	local := s.localName(pkg)
	if local == "" {
		return nil
	}
	var out []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok || !slices.Contains(names, sel.Sel.Name) {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && id.Name == local {
			out = append(out, s.at(sel.Pos()))
		}
		return true
	})
	return out
}

func (s source) localName(pkg string) string {
	for _, spec := range s.file.Imports {
		if spec.Path.Value != strconv.Quote(pkg) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(pkg)
	}
	return ""
}

func (s source) at(pos token.Pos) string {
	p := s.fset.Position(pos)
	return fmt.Sprintf("%s:%d", s.name, p.Line)
}

// isModule reports whether a module begins at a folder.
func isModule(root fs.FS, folder string) bool {
	_, err := fs.Stat(root, folder+"/go.mod")
	return err == nil
}
