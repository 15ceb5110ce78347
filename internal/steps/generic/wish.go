package generic

import "github.com/zclconf/go-cty/cty"

// wish is a map of patterns that was compiled. It is read-only.
type wish struct {
	keys     []cty.Value
	names    []string // in order
	texts    []string
	patterns []*pattern
}

// is reports whether a map, known as a whole or not, is the one of the wish.
func (w *wish) is(wanted cty.Value) bool {
	if wanted.IsMarked() || !wanted.IsKnown() || wanted.IsNull() || !wanted.Type().IsMapType() || wanted.LengthInt() != len(w.keys) {
		return false
	}
	for i, key := range w.keys {
		// An element that is not there is null.
		v := wanted.Index(key)
		if v.IsMarked() || !v.IsKnown() || v.IsNull() || v.Type() != cty.String || v.AsString() != w.texts[i] {
			return false
		}
	}
	return true
}

func (w *wish) add(key cty.Value, name, text string, p *pattern) {
	w.keys = append(w.keys, key)
	w.names = append(w.names, name)
	w.texts = append(w.texts, text)
	w.patterns = append(w.patterns, p)
}

// maxWishes bounds how many maps are kept. A file has one for each step that takes
// something out of a message.
const maxWishes = 4

// known gives the wish of a map, nil for one that is not kept.
func (p *patterns) known(wanted cty.Value) *wish {
	kept := p.wishes.Load()
	if kept == nil {
		return nil
	}
	for _, w := range *kept {
		if w.is(wanted) {
			return w
		}
	}
	return nil
}

// keep has a wish known, and forgets the oldest if there are too many. Of two that are
// kept at once one may be lost, which costs no more than its making.
func (p *patterns) keep(w *wish) {
	kept := []*wish{w}
	if before := p.wishes.Load(); before != nil {
		kept = append(kept, (*before)[:min(len(*before), maxWishes-1)]...)
	}
	p.wishes.Store(&kept)
}
