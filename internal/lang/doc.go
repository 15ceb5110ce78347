// Package lang turns the text of a configuration into a checked plan.
//
// [Load] reads the files, decodes their blocks, resolves every reference, evaluates
// every expression with the values that are known before a run, and gives a
// [plan.Plan] or all mistakes at once. It opens no socket and sends nothing.
//
// The passes, each in files of its own: read (sizes and nesting before the parser),
// decode (blocks to declarations), variables and locals, providers and inboxes,
// datasets (their files are read here), fixtures, scenarios (for_each expanded), load
// profiles with their thresholds, references, and the check that walks each scenario
// as a run would, with unknown values in place of results. [Format] is the formatter.
package lang
