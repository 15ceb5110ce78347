// Package arch keeps the walls of the program where they are. It holds no code, only
// tests that read the source of the whole module.
//
// The floors, and what each package may import, are in table_test.go; other laws are
// in laws_test.go. A wall may be moved: change the table, docs/ARCHITECTURE.md and the
// code in one commit, and say why in docs/decisions. Start at TestModule.
package arch
