// Package eval evaluates the expressions of a file.
//
// An [Expr] is made once, when the file is loaded, and evaluated many times,
// concurrently, each time in the [Scope] of one iteration. What an expression refers
// to is known statically ([Expr.Refs]). Everything else of the program sees
// expressions through this package alone, so the way they are carried out can
// change without touching plan or runner.
//
// The package holds the functions of the language too. It decides neither what may
// be referred to where nor in which order: the language does. Start at [Expr.Value].
package eval
