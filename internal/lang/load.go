package lang

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/steps"
)

// Options say what to load and with which inputs.
type Options struct {
	// Path is a file or a directory. With FS set it is a directory inside it.
	Path string
	// Suite names the configuration in reports; empty means Path.
	Suite string
	// FS holds the configuration when it is not on disk.
	FS fs.FS
	// Registry holds the kinds and providers.
	Registry *steps.Registry
	// Version is the program's, for required_version; empty or a development version
	// satisfies every constraint.
	Version string
	// Target overrides the base_url of every provider when it is not empty.
	Target string
	// Vars are --var and --var-file in the order given.
	Vars []Input
	// UndeclaredVars allows a --var that this configuration does not declare,
	// because another one of the same command does.
	UndeclaredVars bool
	// LookupEnv reads the environment; nil reads nothing.
	LookupEnv func(name string) (string, bool)
}

// Input is a value, or a file of values, from the command line.
type Input struct {
	// Name and Value are of --var; File of --var-file.
	Name, Value, File string
}

// Loaded is a configuration that could be read.
type Loaded struct {
	// Plan is nil when the diagnostics hold an error.
	Plan *plan.Plan
	// Declared are the names of the variables, sorted.
	Declared []string
	// Diags are sorted.
	Diags diag.List
}

// Load reads and checks a configuration. Mistakes in it are diagnostics; an error
// says that it could not be read at all.
func Load(opts Options) (*Loaded, error) {
	src, err := readSource(opts.FS, opts.Path)
	if err != nil {
		return nil, err
	}
	if opts.Suite == "" {
		opts.Suite = opts.Path
	}
	if opts.LookupEnv == nil {
		opts.LookupEnv = func(string) (string, bool) { return "", false }
	}
	l := &loader{used: map[string]bool{}, opts: opts, src: src, files: eval.Files{}, functions: eval.Functions(src.root())}
	p := l.load()
	l.finish()
	shorten(l.diags)
	out := &Loaded{Diags: l.diags, Declared: l.declared()}
	if !l.diags.HasErrors() {
		out.Plan = p
	}
	return out, nil
}

// loader carries one configuration through the passes.
type loader struct {
	opts      Options
	src       *source
	files     eval.Files
	functions map[string]function.Function
	diags     diag.List
	// read are the files of the disk that were read.
	read []string

	decls declarations
	// used are the variables and top-level locals that something refers to, as
	// "var NAME" and "local NAME".
	used map[string]bool
	// stepCount counts the step instances of the plan.
	stepCount int
	// overfull tells that there were too many.
	overfull bool

	globals   *eval.Globals
	variables map[string]cty.Value
	secrets   []string
	providers []*plan.Provider
	inboxes   []*plan.Inbox
	datasets  []*plan.Dataset
	fixtures  []*plan.Fixture
	// fixtureValues are the outputs of each, unknown and marked as they will be.
	fixtureValues map[string]cty.Value
}

func (l *loader) load() *plan.Plan {
	bodies := l.parseAll()
	if l.diags.HasErrors() {
		return nil
	}
	if !l.requiredVersion(bodies) {
		return nil
	}
	l.decode(bodies)
	l.globals = &eval.Globals{Functions: l.functions, Path: pathRoot(), Run: unknownRun()}
	l.resolveVariables()
	l.resolveLocals()
	l.resolveProviders()
	l.resolveInboxes()
	l.resolveDatasets()
	l.resolveFixtures()
	p := &plan.Plan{
		Suite: l.opts.Suite, Files: l.read, Globals: l.globals, Providers: l.providers, Inboxes: l.inboxes, Datasets: l.datasets, Fixtures: l.fixtures,
	}
	p.Scenarios = l.resolveScenarios()
	p.Size = len(p.Scenarios)
	p.Loads = l.resolveLoads(p.Scenarios)
	if !l.diags.HasErrors() {
		for _, sc := range p.Scenarios {
			sc.Compile(l.globals)
		}
		for _, f := range p.Fixtures {
			f.Flow.Compile(l.globals)
		}
	}
	l.warnUnused()
	for _, s := range l.secrets {
		p.Secrets = append(p.Secrets, secret.New(s))
	}
	return p
}

func (l *loader) parseAll() []*hclsyntax.Body {
	var bodies []*hclsyntax.Body
	for _, name := range l.src.names() {
		if !l.src.builtin {
			l.read = append(l.read, name)
		}
		body, diags := parse(name, l.src.files[name], l.files)
		l.diags = append(l.diags, diags...)
		if body != nil {
			bodies = append(bodies, body)
		}
	}
	return bodies
}

func (l *loader) declared() []string {
	return slices.Sorted(slices.Values(l.decls.variableNames))
}

// keep notes the texts of a secret value, so that they can be taken out of reports.
func (l *loader) keep(v cty.Value) { l.keepTexts(eval.Texts(v, nil)) }

func (l *loader) keepTexts(texts []string) {
	for _, text := range texts {
		if strings.TrimSpace(text) != "" && !slices.Contains(l.secrets, text) {
			l.secrets = append(l.secrets, text)
		}
	}
}

// maxShown bounds how much of a value a message shows, in bytes.
const maxShown = 400

// shorten cuts what messages show of values.
func shorten(l diag.List) {
	cut := func(s *string) {
		if len(*s) > maxShown {
			*s = fmt.Sprintf("%s... (%d bytes)", strings.ToValidUTF8((*s)[:maxShown], ""), len(*s))
		}
	}
	for _, d := range l {
		for i := range d.Values {
			cut(&d.Values[i].Statement)
		}
		for _, section := range d.Sections {
			for i := range section.Lines {
				cut(&section.Lines[i])
			}
		}
	}
}

// pathRoot gives the configuration's directory as file functions name it.
func pathRoot() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal("."), "root": cty.StringVal(".")})
}

func unknownRun() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"id": cty.UnknownVal(cty.String).RefineNotNull(), "seed": cty.UnknownVal(cty.Number).RefineNotNull(),
		"started_at": cty.UnknownVal(cty.String).RefineNotNull(), "profile": cty.UnknownVal(cty.String),
	})
}
