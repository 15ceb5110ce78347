package steps

import "github.com/zclconf/go-cty/cty"

// Attributes lists everything that a step's result has: the common attributes, the
// kind's own and the echoed arguments. pairs gives the names in a block argument.
func (k *Kind) Attributes(pairs func(arg string) []string) []Attr {
	out := CommonResults()
	seen := map[string]bool{}
	for _, a := range k.Results {
		if a.LikeBlock != "" {
			attrs := map[string]cty.Type{}
			for _, name := range pairs(a.LikeBlock) {
				attrs[name] = cty.String
			}
			a.Type = cty.Object(attrs)
		}
		seen[a.Name] = true
		out = append(out, a)
	}
	for _, a := range k.Args {
		if a.Echo && !seen[a.Name] {
			out = append(out, Attr{Name: a.Name, Type: a.Type, Doc: a.Doc})
		}
	}
	return out
}
