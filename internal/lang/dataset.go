package lang

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
)

// The bounds on a dataset.
const (
	MaxDatasetFile = 64 << 20
	MaxDatasetRows = 5_000_000
)

// maxKept bounds the secret texts of the argument rows that diagnostics are searched for.
const maxKept = 1000

var datasetForm = form{
	what: `a "dataset" block`, attrs: []string{"file", "rows", "mode", "columns", "sensitive", "cooldown", "on_exhausted"},
}

func (l *loader) resolveDatasets() {
	for _, b := range l.decls.datasets {
		d := &plan.Dataset{
			Name: b.name, Source: l.site(b.header),
			Mode:        plan.DatasetMode(l.staticWord(b.content, "mode", "sequential", "sequential", "random", "unique", "lease")),
			Cooldown:    l.staticSpan(b.content, "cooldown", 0),
			OnExhausted: plan.Exhausted(l.staticWord(b.content, "on_exhausted", "stop", "stop", "drop", "error")),
		}
		l.onlyWith(b.content, "cooldown", d.Mode == plan.DatasetLease, `A row rests when it is given back: write mode = "lease", or leave cooldown out.`)
		l.onlyWith(b.content, "on_exhausted", d.Mode == plan.DatasetUnique, `Only unique rows run out: write mode = "unique", or leave on_exhausted out.`)
		d.Rows = l.datasetRows(b)
		l.datasets = append(l.datasets, d)
	}
}

// onlyWith refuses an argument that would have no effect.
func (l *loader) onlyWith(c *content, name string, effective bool, detail string) {
	if e := c.expr(name); e != nil && !effective {
		l.error(e.Site().Range, "Argument without effect", detail)
	}
}

// datasetRows reads the rows, from wherever they are. It gives no rows when something
// is wrong with them.
func (l *loader) datasetRows(b *block) plan.Table {
	file, rows := b.expr("file"), b.expr("rows")
	columns, ok := l.datasetColumns(b)
	switch {
	case (file == nil) == (rows == nil):
		l.error(b.header, "Invalid dataset", fmt.Sprintf("The rows of dataset %q come from a file or from rows: write one of the two.", b.name))
		return plan.Table{}
	case !ok:
		return plan.Table{}
	}
	t := &tableMaker{columns: columns}
	var err error
	at := rows
	if file != nil {
		at = file
		name := l.staticString(b.content, "file")
		if name == "" {
			l.unlessFaulty(file, "Invalid dataset", "file must be the name of a CSV or JSON file in the configuration's directory.")
			return plan.Table{}
		}
		err = t.file(l.src.root(), name)
		l.read = append(l.read, filepath.Join(l.src.root(), name))
	} else {
		v, known := l.staticExpr(rows, l.runEnv("in the argument rows"), cty.DynamicPseudoType, cty.NilVal)
		if !known {
			l.unlessFaulty(rows, "Invalid dataset", "rows must be a list of objects, not null.")
			return plan.Table{}
		}
		// Those of an iteration are kept out of its reports when it runs; here it is about
		// what stands in the file itself.
		if _, texts := eval.Reveal(v); len(texts) <= maxKept {
			l.keepTexts(texts)
		}
		err = t.rows(v)
	}
	if err == nil && t.count == 0 {
		err = fmt.Errorf("there is no row, so no iteration could run")
	}
	if err != nil {
		detail := fmt.Sprintf("The rows of dataset %q can not be used: %s", b.name, err)
		if !strings.HasSuffix(detail, "?") {
			detail += "."
		}
		l.error(at.Site().Range, "Invalid dataset", detail)
		return plan.Table{}
	}
	return l.conceal(b, t.table())
}

// conceal marks the columns that are secret.
func (l *loader) conceal(b *block, t plan.Table) plan.Table {
	names := l.staticStrings(b.content, "sensitive", cty.NilVal)
	if len(names) == 0 {
		return t
	}
	known := make([]string, len(t.Columns()))
	for i, c := range t.Columns() {
		known[i] = c.Name
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			l.error(b.expr("sensitive").Site().Range, "Invalid value", fmt.Sprintf("The rows have no column %q.%s", name, suggest(name, known)))
		}
	}
	return t.Conceal(names...)
}

// unlessFaulty reports a mistake of an expression unless another one is told already.
func (l *loader) unlessFaulty(e *eval.Expr, summary, detail string) {
	if r := e.Site().Range; !l.faulty(r) {
		l.error(r, summary, detail)
	}
}

// datasetColumns gives the columns that are asked for, nil for all.
func (l *loader) datasetColumns(b *block) (names []string, ok bool) {
	e := b.expr("columns")
	if e == nil {
		return nil, true
	}
	names = l.staticStrings(b.content, "columns", cty.NilVal)
	if len(names) == 0 {
		l.unlessFaulty(e, "Invalid value", "columns must be a list of at least one name.")
		return nil, false
	}
	for i, name := range names {
		switch {
		case !hclsyntax.ValidIdentifier(name):
			l.error(e.Site().Range, "Invalid name", fmt.Sprintf("The column %q is not an identifier, so nothing could refer to it.", name))
			return nil, false
		case slices.Contains(names[:i], name):
			l.error(e.Site().Range, "Invalid value", fmt.Sprintf("columns names %q twice.", name))
			return nil, false
		}
	}
	return names, true
}

// datasetRow is what `dataset.NAME.row` may be, with unknown values. Nothing is known of
// the rows of a faulty one.
func datasetRow(d *plan.Dataset) cty.Value {
	if d.Rows.Len() == 0 {
		return cty.DynamicVal
	}
	attrs := map[string]cty.Value{}
	for _, c := range d.Rows.Columns() {
		v := cty.UnknownVal(c.Type)
		if c.Sensitive {
			v = v.Mark(eval.Sensitive)
		}
		attrs[c.Name] = v
	}
	return cty.ObjectVal(attrs)
}
