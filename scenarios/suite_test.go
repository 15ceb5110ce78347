package scenarios_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/steps"
	"github.com/authbench/authbench/internal/steps/descope"
	"github.com/authbench/authbench/internal/steps/emulator"
	"github.com/authbench/authbench/internal/steps/generic"
	"github.com/authbench/authbench/scenarios"
)

func registry() *steps.Registry {
	return steps.NewRegistry([]*steps.Provider{descope.Provider()}, slices.Concat(descope.Kinds(), emulator.Kinds(descope.ProviderType), generic.Kinds())...)
}

// load gives a plan and fails on any diagnostic, warnings included.
func load(t *testing.T, opts lang.Options) *plan.Plan {
	t.Helper()
	opts.Registry = registry()
	loaded, err := lang.Load(opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range loaded.Diags {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	if loaded.Plan == nil {
		t.FailNow()
	}
	return loaded.Plan
}

func suite(t *testing.T) *plan.Plan {
	t.Helper()
	return load(t, lang.Options{Path: ".", FS: scenarios.Files})
}

func formatted(t *testing.T, name string, text []byte) {
	t.Helper()
	want, diags := lang.Format(name, text)
	if diags.HasErrors() {
		t.Fatalf("%s can not be parsed", name)
	}
	if diff := cmp.Diff(string(text), string(want)); diff != "" {
		t.Errorf("%s is not formatted (-got +want):\n%s", name, diff)
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(scenarios.Files, "*.hcl")
	if err != nil || len(names) == 0 {
		t.Fatalf("files %v, error %v", names, err)
	}
	for _, name := range names {
		text, err := scenarios.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		formatted(t, name, text)
	}
}

// TestExamples holds every example to what is asked of the suite: it stands alone,
// without a diagnostic, and formatted.
func TestExamples(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../examples/*.hcl")
	if err != nil || len(names) == 0 {
		t.Fatalf("files %v, error %v", names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		formatted(t, name, text)
		p := load(t, lang.Options{Path: name})
		if len(p.Scenarios) == 0 {
			t.Errorf("%s holds no scenario", name)
		}
	}
}

// catalogue lists the ids that the suite covers.
const catalogue = `F01 F02 F03 F04 F05 F06 F07 F09 F10 F11 F12 F13 F14 F16 F22 F29 F31 F32 F33
	N05 N06 N07 N08 N09 N10 N11 N13 N14 N16 N17 N18 N19 N22
	S03 S04 S25 S29 R14 C02 C03 C05 C06`

var (
	idTag    = regexp.MustCompile(`^[FNSRC][0-9]{2}$`)
	labelTag = regexp.MustCompile(`^[PTE]$`)
)

// TestTags: every id of the catalogue is covered, and every scenario says what it
// covers and where it may run.
func TestTags(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for _, sc := range suite(t).Scenarios {
		ids, labels := tags(sc)
		for _, id := range ids {
			covered[id] = true
		}
		if len(ids) == 0 || len(labels) == 0 || len(ids)+len(labels) != len(sc.Tags) {
			t.Errorf("%s: tags %v are not ids followed by labels", sc.Name, sc.Tags)
		}
		if got, want := slices.Equal(sc.Targets, []string{"emulator"}), slices.Equal(labels, []string{"E"}); got != want {
			t.Errorf("%s: targets %v do not fit to labels %v", sc.Name, sc.Targets, labels)
		}
		if !strings.HasSuffix(sc.Description, ".") {
			t.Errorf("%s: description %q is no sentence", sc.Name, sc.Description)
		}
	}
	for id := range strings.FieldsSeq(catalogue) {
		if !covered[id] {
			t.Errorf("no scenario is tagged %s", id)
		}
	}
}

func tags(sc *plan.Scenario) (ids, labels []string) {
	for _, tag := range sc.Tags {
		switch {
		case idTag.MatchString(tag):
			ids = append(ids, tag)
		case labelTag.MatchString(tag):
			labels = append(labels, tag)
		}
	}
	return ids, labels
}

// TestTeardown: whoever makes a user in a scenario deletes it there.
func TestTeardown(t *testing.T) {
	t.Parallel()
	for _, sc := range suite(t).Scenarios {
		makes := slices.ContainsFunc(slices.Concat(sc.Setup, sc.Body), func(s *plan.Step) bool {
			return s.Kind != nil && !s.Expect.Refusal() && (strings.Contains(s.Kind.Name, "sign_up") || s.Kind.Name == "descope_user_create")
		})
		deletes := slices.ContainsFunc(sc.Teardown, func(s *plan.Step) bool { return s.Kind.Name == "descope_user_delete" })
		if makes && !deletes {
			t.Errorf("%s makes a user and deletes none", sc.Name)
		}
	}
}
