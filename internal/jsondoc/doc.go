// Package jsondoc reads parts of a JSON text without decoding the rest.
//
// [Parse] walks over the whole text once and proves two things: that it is exactly one
// JSON value, and that the fields of a Go struct which stand in it have values that
// encoding/json would put there. After that a [Value] is a piece of the text, and its
// members are found by walking over it. Nothing is kept beside the text.
//
// What it accepts, encoding/json accepts, with the same values. It may refuse what
// encoding/json takes: the callers then decode, which also gives the error to show.
// Start at [Parse].
package jsondoc
