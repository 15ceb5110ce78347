package lang

import (
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
)

// Format gives the text of a file in the canonical layout. A file that can not be
// parsed is not touched: the diagnostics say why.
func Format(name string, text []byte) ([]byte, diag.List) {
	files := eval.Files{}
	if _, diags := parse(name, text, files); diags.HasErrors() {
		return nil, diags
	}
	return hclwrite.Format(text), nil
}
