// Package cli is the command line: one file for each verb, which turns flags into
// options, wires the other packages together and chooses the exit code.
//
// It is the only importer of the command line library. What a verb does lives below
// this package; functions named runX know nothing of flags. Start at [Run].
package cli
