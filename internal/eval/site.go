package eval

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/diag"
)

// Files are the parsed files of a configuration by name. They are read-only once
// the configuration is loaded.
type Files map[string]*hcl.File

// Site is a place in a configuration, for messages. The zero Site is nowhere.
type Site struct {
	Files Files
	Range hcl.Range
}

// Text gives the source of the site, empty for the zero Site.
func (s Site) Text() string {
	f := s.Files[s.Range.Filename]
	if f == nil || !s.Range.CanSliceBytes(f.Bytes) {
		return ""
	}
	return string(s.Range.SliceBytes(f.Bytes))
}

// Position gives `file:line`, empty for the zero Site.
func (s Site) Position() string {
	if s.Range.Filename == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", s.Range.Filename, s.Range.Start.Line)
}

// Diagnostic makes a message about the site.
func (s Site) Diagnostic(sev diag.Severity, summary, detail string) diag.Diagnostic {
	d := diag.Diagnostic{Severity: sev, Summary: summary, Detail: detail}
	s.attach(&d)
	return d
}

// Error makes a list of one error about the site.
func (s Site) Error(summary, detail string) diag.List {
	return diag.List{s.Diagnostic(diag.Error, summary, detail)}
}

func (s Site) attach(d *diag.Diagnostic) {
	if s.Range.Filename == "" {
		return
	}
	r := convertRange(s.Range)
	d.Range = &r
	if f := s.Files[s.Range.Filename]; f != nil {
		d.Snippet = snippet(f, s.Range)
	}
}

func convertRange(r hcl.Range) diag.Range {
	pos := func(p hcl.Pos) diag.Pos { return diag.Pos{Line: p.Line, Column: p.Column, Byte: p.Byte} }
	return diag.Range{Filename: r.Filename, Start: pos(r.Start), End: pos(r.End)}
}

// maxSnippet bounds the lines of source that a message shows.
const maxSnippet = 8

// snippet takes the whole lines round r and the blocks they stand in.
func snippet(f *hcl.File, r hcl.Range) *diag.Snippet {
	src := f.Bytes
	start, end := min(r.Start.Byte, len(src)), min(max(r.End.Byte, r.Start.Byte), len(src))
	from := bytes.LastIndexByte(src[:start], '\n') + 1
	to, lines := end, 0
	for to < len(src) && src[to] != '\n' {
		to++
	}
	for i := from; i < to; i++ {
		if src[i] != '\n' {
			continue
		}
		if lines++; lines == maxSnippet {
			to = i
			break
		}
	}
	end = min(end, to)
	return &diag.Snippet{
		Context: blockContext(f, r.Start), Code: strings.TrimSuffix(string(src[from:to]), "\r"), StartLine: r.Start.Line,
		HighlightStart: start - from, HighlightEnd: max(end, start) - from,
	}
}

// blockContext names the blocks round a place. hcl's own helper knows the outermost only.
func blockContext(f *hcl.File, pos hcl.Pos) string {
	body, ok := f.Body.(*hclsyntax.Body)
	if !ok {
		return ""
	}
	var names []string
	for body != nil {
		b := blockAt(body.Blocks, pos)
		if b == nil {
			break
		}
		names = append(names, blockName(b))
		body = b.Body
	}
	return strings.Join(names, ", ")
}

// blockAt finds the block round a place. Blocks stand in the order of the text.
func blockAt(blocks hclsyntax.Blocks, pos hcl.Pos) *hclsyntax.Block {
	i := sort.Search(len(blocks), func(i int) bool { return blocks[i].TypeRange.Start.Byte > pos.Byte }) - 1
	if i < 0 || (pos.Byte >= blocks[i].Range().End.Byte && pos.Byte >= blocks[i].Body.SrcRange.End.Byte) {
		return nil
	}
	return blocks[i]
}

func blockName(b *hclsyntax.Block) string {
	var s strings.Builder
	s.WriteString(b.Type)
	for _, l := range b.Labels {
		fmt.Fprintf(&s, " %q", l)
	}
	return s.String()
}
