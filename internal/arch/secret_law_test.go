package arch_test

import (
	"go/ast"
	"go/token"
	"slices"
)

// constantTime finds secrets that are compared in a time that tells how much of them was
// guessed: what Reveal gives, and the fields of the emulator that hold a secret. Whether
// one is empty may be asked.
func constantTime(all []source) []string {
	return each(all, except("secret"), func(s source) []string {
		var out []string
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.BinaryExpr:
				equality := x.Op == token.EQL || x.Op == token.NEQ
				if equality && (s.secret(x.X) || s.secret(x.Y)) && !emptyText(x.X) && !emptyText(x.Y) {
					out = append(out, s.at(x.Pos()))
				}
			case *ast.SwitchStmt:
				if x.Tag != nil && s.secret(x.Tag) {
					out = append(out, s.at(x.Pos()))
				}
			case *ast.CallExpr:
				if comparison(x.Fun) && slices.ContainsFunc(x.Args, s.secret) {
					out = append(out, s.at(x.Pos()))
				}
			}
			return true
		})
		return out
	})
}

// secret tells whether an expression is the text of a secret, or its bytes.
func (s source) secret(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.ParenExpr:
		return s.secret(x.X)
	case *ast.SliceExpr:
		return s.secret(x.X)
	case *ast.SelectorExpr:
		return s.room == "emulator" && slices.Contains([]string{"digits", "challenge"}, x.Sel.Name)
	case *ast.CallExpr:
		if sel, ok := x.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Reveal" {
			return true
		}
		_, conversion := x.Fun.(*ast.ArrayType)
		return conversion && len(x.Args) == 1 && s.secret(x.Args[0])
	}
	return false
}

// comparison knows the functions of the library that stop at the first difference.
func comparison(f ast.Expr) bool {
	sel, ok := f.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && slices.Contains([]string{"bytes", "strings", "cmp", "slices", "reflect"}, pkg.Name) &&
		slices.Contains([]string{"Equal", "EqualFold", "Compare", "Contains", "HasPrefix", "HasSuffix", "DeepEqual", "Index"}, sel.Sel.Name)
}

func emptyText(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.BasicLit:
		return x.Value == `""`
	case *ast.Ident:
		return x.Name == "nil"
	}
	return false
}
