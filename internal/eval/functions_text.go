package eval

import (
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// textFunctions are Terraform's functions on texts that cty's library lacks.
func textFunctions() map[string]function.Function {
	predicate := func(doc, second string, test func(s, t string) bool) function.Function {
		return function.New(&function.Spec{
			Description: doc,
			Params:      []function.Parameter{{Name: "text", Type: cty.String}, {Name: second, Type: cty.String}},
			Type:        function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return cty.BoolVal(test(args[0].AsString(), args[1].AsString())), nil
			},
		})
	}
	return map[string]function.Function{
		"startswith":  predicate("Whether text begins with prefix.", "prefix", strings.HasPrefix),
		"endswith":    predicate("Whether text ends with suffix.", "suffix", strings.HasSuffix),
		"strcontains": predicate("Whether part occurs in text.", "part", strings.Contains),
		"replace": function.New(&function.Spec{
			Description: "Text with each occurrence of search replaced. A search written as /pattern/ is a regular expression (RE2); $1 in the replacement is its first group.",
			Params: []function.Parameter{
				{Name: "text", Type: cty.String}, {Name: "search", Type: cty.String}, {Name: "replacement", Type: cty.String},
			},
			Type: function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				text, search, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
				if tooLongReplaced(text, search, with) {
					return cty.UnknownVal(cty.String), errLongText
				}
				if len(search) < 2 || search[0] != '/' || search[len(search)-1] != '/' {
					return cty.StringVal(strings.ReplaceAll(text, search, with)), nil
				}
				re, err := regexp.Compile(search[1 : len(search)-1])
				if err != nil {
					return cty.UnknownVal(cty.String), function.NewArgErrorf(1, "not a regular expression: %s", reason(err))
				}
				if tooLongMatched(text, re, with) {
					return cty.UnknownVal(cty.String), errLongText
				}
				return cty.StringVal(re.ReplaceAllString(text, with)), nil
			},
		}),
	}
}

// reason gives a regular expression's fault without the expression itself, which
// may have come from a secret.
func reason(err error) string {
	var se interface{ Error() string } = err
	text := se.Error()
	if _, after, ok := strings.Cut(text, "error parsing regexp: "); ok {
		text = after
	}
	if before, _, ok := strings.Cut(text, ": `"); ok {
		text = before
	}
	return text
}
