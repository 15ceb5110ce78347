// Package eval evaluates the expressions of a file.
//
// An [Expr] is made once, when the file is loaded, and evaluated many times,
// concurrently, each time in the [Scope] of one iteration. What an expression refers
// to is known statically ([Expr.Refs]). Everything else of the program sees
// expressions through this package alone.
//
// There are two ways to the same value. [Expr.Value] asks hcl: it is the reference, it
// makes every diagnostic, and it works with values that are not known yet.
// [Expr.Eval] runs the closures that [Expr.Compile] made, over the places of a
// [Layout] and values in a cheap form, and hands over to hcl whatever it can not do in
// just the same way. A test and a fuzz target hold the two against each other.
//
// The package holds the functions of the language too. It decides neither what may
// be referred to where nor in which order: the language does. Start at [Expr.Eval].
package eval
