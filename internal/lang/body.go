package lang

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/eval"
)

// form says what may stand in a body.
type form struct {
	// what names the body for messages: `a "scenario" block`.
	what     string
	attrs    []string
	required []string
	blocks   []blockForm
	// later are words of the language that this version does not carry out.
	later []string
}

// blockForm says how a block is written.
type blockForm struct {
	kind   string
	labels []string
	// anyLabel lets labels be other than identifiers; who reads the block judges them.
	anyLabel bool
	// once forbids a second one; exactly makes its absence a mistake.
	once bool
}

// content is a body that was held against its form.
type content struct {
	loader *loader
	body   *hclsyntax.Body
	// header is where a missing argument is reported.
	header hcl.Range
	blocks []*hclsyntax.Block
}

// content checks a body and reports every word that does not belong.
func (l *loader) content(body *hclsyntax.Body, header hcl.Range, f form) *content {
	c := &content{loader: l, body: body, header: header}
	for _, a := range sortedAttrs(body) {
		if !slices.Contains(f.attrs, a.Name) {
			l.unknownWord("argument", a.Name, a.NameRange, f)
		}
	}
	for _, name := range f.required {
		if body.Attributes[name] == nil {
			l.error(header, "Missing required argument", fmt.Sprintf("The argument %q is required in %s.", name, f.what))
		}
	}
	seen := map[string]*hclsyntax.Block{}
	for _, b := range body.Blocks {
		i := slices.IndexFunc(f.blocks, func(bf blockForm) bool { return bf.kind == b.Type })
		if i < 0 {
			l.unknownWord("block", b.Type, b.TypeRange, f)
			continue
		}
		if bf := f.blocks[i]; l.labels(b, bf) {
			if before := seen[b.Type]; before != nil && bf.once {
				l.error(b.DefRange(), "Duplicate block", fmt.Sprintf("There may be one %q block in %s; the other is at %s.",
					b.Type, f.what, l.site(before.DefRange()).Position()))
				continue
			}
			seen[b.Type] = b
			c.blocks = append(c.blocks, b)
		}
	}
	return c
}

func (l *loader) unknownWord(what, word string, r hcl.Range, f form) {
	if slices.Contains(f.later, word) {
		l.error(r, "Not supported yet", fmt.Sprintf("The word %q of %s belongs to the language, but this version does not carry it out. Remove it.", word, f.what))
		return
	}
	blocks := make([]string, 0, len(f.blocks))
	for _, b := range f.blocks {
		blocks = append(blocks, b.kind)
	}
	detail := fmt.Sprintf("An argument named %q is not expected in %s.", word, f.what)
	same, other := f.attrs, blocks
	if what == "block" {
		detail = fmt.Sprintf("A block of type %q is not expected in %s.", word, f.what)
		same, other = blocks, f.attrs
	}
	switch {
	case slices.Contains(other, word) && what == "block":
		detail += fmt.Sprintf(" %q is an argument: write %s = ...", word, word)
	case slices.Contains(other, word):
		detail += fmt.Sprintf(" %q is a block: write %s { ... }", word, word)
	default:
		detail += suggest(word, append(slices.Clone(same), other...))
	}
	l.error(r, "Unsupported "+what, detail)
}

// labels checks the number of labels and that names are identifiers.
func (l *loader) labels(b *hclsyntax.Block, f blockForm) bool {
	if len(b.Labels) != len(f.labels) {
		detail := fmt.Sprintf("A %q block takes no labels.", b.Type)
		if len(f.labels) > 0 {
			want := b.Type
			for _, name := range f.labels {
				want += fmt.Sprintf(" %q", name)
			}
			detail = fmt.Sprintf("A %q block takes %d label(s): %s { ... }", b.Type, len(f.labels), want)
		}
		l.error(b.DefRange(), "Wrong number of labels", detail)
		return false
	}
	for i, label := range b.Labels {
		if !f.anyLabel && !hclsyntax.ValidIdentifier(label) {
			l.error(b.LabelRanges[i], "Invalid name", fmt.Sprintf(
				"The name %q is not an identifier. Begin with a letter and go on with letters, digits, underscores and dashes.", label))
			return false
		}
	}
	return true
}

// expr gives an argument as an expression, nil when it is absent.
func (c *content) expr(name string) *eval.Expr {
	a := c.body.Attributes[name]
	if a == nil {
		return nil
	}
	return c.loader.expr(a.Expr)
}

// of lists the blocks of one type in the order of the text.
func (c *content) of(kind string) []*hclsyntax.Block {
	var out []*hclsyntax.Block
	for _, b := range c.blocks {
		if b.Type == kind {
			out = append(out, b)
		}
	}
	return out
}

// one gives the only block of a type, nil when it is absent.
func (c *content) one(kind string) *hclsyntax.Block {
	if all := c.of(kind); len(all) > 0 {
		return all[0]
	}
	return nil
}

func sortedAttrs(body *hclsyntax.Body) []*hclsyntax.Attribute {
	out := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, a := range body.Attributes {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *hclsyntax.Attribute) int { return a.SrcRange.Start.Byte - b.SrcRange.Start.Byte })
	return out
}

func (l *loader) site(r hcl.Range) eval.Site { return eval.Site{Files: l.files, Range: r} }

func (l *loader) expr(node hclsyntax.Expression) *eval.Expr {
	return eval.New(node, l.site(node.Range()))
}
