package lang

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/policy"
)

var policyFileForm = form{what: "a file for emulate --config", blocks: []blockForm{{kind: "emulator", once: true}}}

// LoadPolicy reads a file that holds an emulator block, the same that stands in a
// provider. Mistakes in it are diagnostics; an error says that it could not be read.
func LoadPolicy(path string) (policy.Project, diag.List, error) {
	src, err := readSource(nil, path)
	if err != nil {
		return policy.Project{}, nil, err
	}
	text, ok := src.files[path]
	if !ok {
		return policy.Project{}, nil, fmt.Errorf("configuration %s: %w", path, errors.New("not a file"))
	}
	l := &loader{used: map[string]bool{}, src: src, files: eval.Files{}, functions: eval.Functions(src.dir)}
	l.globals = &eval.Globals{
		Functions: l.functions, Vars: cty.EmptyObjectVal, Locals: cty.EmptyObjectVal, Path: pathRoot(), Run: unknownRun(),
	}
	p := &plan.Provider{}
	body, diags := parse(path, text, l.files)
	l.diags = diags
	if body != nil {
		c := l.content(body, body.SrcRange, policyFileForm)
		b := c.one("emulator")
		if b == nil && !l.diags.HasErrors() {
			l.error(body.SrcRange, "Missing emulator block", "The file must hold one block: emulator { ... }")
		}
		l.providerEmulator(p, b)
	}
	l.finish()
	return p.Emulator, l.diags, nil
}
