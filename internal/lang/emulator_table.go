package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/policy"
)

// argument is one argument of a block of the emulator that fills a T. The same table
// makes the form, reads the block and is printed as the reference.
type argument[T any] struct {
	name     string
	kind     string // of the value, for the reference
	doc      string // one sentence
	required bool
	// read takes the argument of a block; an absent one leaves what stands there.
	read func(l *loader, c *content, into *T)
	// show is the value in HCL, for the default in the reference.
	show func(from *T) string
}

// emulatorBlock is one kind of block in an emulator block.
type emulatorBlock struct {
	kind   string
	labels []string
	member string // what the label is called in JSON
	once   bool
	doc    string
	args   []described
	inner  []emulatorBlock // blocks within it, for the reference
	read   func(e *emulatorReader, b *hclsyntax.Block)
}

// described is what the reference tells of an argument.
type described struct {
	name, kind, doc, fallback string
	required                  bool
}

// emulatorReader reads an emulator block and remembers what stands where.
type emulatorReader struct {
	*loader
	policy *policy.Project
	places map[string]hcl.Range // by setting, as policy.Problem names them
	told   map[string]bool      // settings whose mistake is reported
}

// once is a block that stands once and fills a part of the policy.
func once[T any](kind, doc string, args []argument[T], part func(*policy.Project) *T) emulatorBlock {
	defaults := policy.Default()
	return emulatorBlock{
		kind: kind, once: true, doc: doc, args: describe(args, part(&defaults)),
		read: func(e *emulatorReader, b *hclsyntax.Block) { fill(e, b, kind, args, part(e.policy)) },
	}
}

// many is a block that stands any number of times; each makes an entry of a list of
// the policy from its label.
func many[T any](kind, doc string, args []argument[T], fresh func(label string) T, list func(*policy.Project) *[]T) emulatorBlock {
	blank := fresh("")
	return emulatorBlock{
		kind: kind, labels: []string{"NAME"}, member: "name", doc: doc, args: describe(args, &blank),
		read: func(e *emulatorReader, b *hclsyntax.Block) {
			entry, all := fresh(b.Labels[0]), list(e.policy)
			fill(e, b, fmt.Sprintf("%s[%d]", kind, len(*all)), args, &entry)
			*all = append(*all, entry)
		},
	}
}

func describe[T any](args []argument[T], defaults *T) []described {
	out := make([]described, 0, len(args))
	for _, a := range args {
		out = append(out, described{a.name, a.kind, a.doc, a.show(defaults), a.required})
	}
	return out
}

// fill reads the arguments of a block; at is the path of the part it fills.
func fill[T any](e *emulatorReader, b *hclsyntax.Block, at string, args []argument[T], into *T) {
	e.places[at] = b.DefRange()
	take(e, e.content(b.Body, b.DefRange(), formOf(b.Type, args)), at+".", args, into)
}

// take reads arguments of a body that was held against its form.
func take[T any](e *emulatorReader, c *content, prefix string, args []argument[T], into *T) {
	for _, a := range args {
		attr, before := c.body.Attributes[a.name], len(e.diags)
		if attr != nil {
			e.places[prefix+a.name] = attr.Expr.Range()
			a.read(e.loader, c, into)
		}
		e.told[prefix+a.name] = attr == nil && a.required || len(e.diags) > before
	}
}

func formOf[T any](kind string, args []argument[T]) form {
	f := form{what: an(kind) + " " + strconv.Quote(kind) + " block"}
	for _, a := range args {
		f.attrs = append(f.attrs, a.name)
		if a.required {
			f.required = append(f.required, a.name)
		}
	}
	return f
}

func an(word string) string {
	if strings.ContainsRune("aeio", rune(word[0])) {
		return "an"
	}
	return "a"
}

// at is where a setting stands, else the block that it is missing from.
func (e *emulatorReader) at(setting string) (hcl.Range, bool) {
	for setting != "" {
		if r, ok := e.places[setting]; ok {
			return r, true
		}
		setting = setting[:max(strings.LastIndexAny(setting, ".["), 0)]
	}
	return hcl.Range{}, false
}

// needed makes an argument one that a block must have.
func needed[T any](a argument[T]) argument[T] {
	a.required = true
	return a
}

func durationArg[T any](name, doc string, at func(*T) *policy.Duration) argument[T] {
	return argument[T]{
		name: name, kind: "duration", doc: doc,
		read: func(l *loader, c *content, into *T) {
			*at(into) = policy.Duration(l.staticDuration(c, name, time.Duration(*at(into)), cty.NilVal))
		},
		show: func(from *T) string {
			if *at(from) == 0 {
				return ""
			}
			return strconv.Quote(at(from).String())
		},
	}
}

func textArg[T any](name, doc string, at func(*T) *string) argument[T] {
	return textOf(name, "string", doc, at)
}

func wordArg[T any](name string, words []string, doc string, at func(*T) *string) argument[T] {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = strconv.Quote(w)
	}
	return textOf(name, strings.Join(quoted, " or "), doc, at)
}

func textOf[T any](name, kind, doc string, at func(*T) *string) argument[T] {
	return argument[T]{
		name: name, kind: kind, doc: doc,
		read: func(l *loader, c *content, into *T) {
			if v, ok := l.static(c, name, cty.String, cty.NilVal); ok {
				*at(into) = v.AsString()
			}
		},
		show: func(from *T) string {
			if *at(from) == "" {
				return ""
			}
			return strconv.Quote(*at(from))
		},
	}
}

func textsArg[T any](name, doc string, at func(*T) *[]string) argument[T] {
	return argument[T]{
		name: name, kind: "list of strings", doc: doc,
		read: func(l *loader, c *content, into *T) {
			if list := l.staticStrings(c, name, cty.NilVal); list != nil {
				*at(into) = list
			}
		},
		show: func(*T) string { return "[]" },
	}
}

func boolArg[T any](name, doc string, at func(*T) *bool) argument[T] {
	return argument[T]{
		name: name, kind: "bool", doc: doc,
		read: func(l *loader, c *content, into *T) { *at(into) = l.staticBool(c, name, *at(into)) },
		show: func(from *T) string { return strconv.FormatBool(*at(from)) },
	}
}

// intArg takes a whole number from lowest on.
func intArg[T any](name string, lowest int64, doc string, at func(*T) *int) argument[T] {
	return argument[T]{
		name: name, kind: "whole number", doc: doc,
		read: func(l *loader, c *content, into *T) {
			*at(into) = int(l.staticInt(c, name, int64(*at(into)), lowest, 1e9))
		},
		show: func(from *T) string {
			if *at(from) < int(lowest) {
				return ""
			}
			return strconv.Itoa(*at(from))
		},
	}
}
