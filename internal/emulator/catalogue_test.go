package emulator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// row is a row of the catalogue of scenarios that concerns the emulator.
type row struct {
	id, what string
	without  string // the part of the row that no test here shows, and why; empty if there is none
}

// catalogue is every row of the families F, N, C and R. A test is of the rows that stand
// at the beginning of its name, a subtest likewise.
var catalogue = []row{
	{"F01", "sign-up by magic link", ""},
	{"F02", "sign-in by magic link", ""},
	{"F03", "sign-up or in of somebody new", ""},
	{"F04", "sign-up or in of a user", ""},
	{"F05", "sign-up by code", ""},
	{"F06", "sign-in by code", ""},
	{"F07", "sign-up or in by code", ""},
	{"F08", "codes by voice and WhatsApp", ""},
	{"F09", "sign-in by embedded link", ""},
	{"F10", "sign-up by embedded link, its claims and timeout", ""},
	{"F11", "update of the phone by magic link", ""},
	{"F12", "update of the phone by code", ""},
	{"F13", "a new phone that is no login ID", ""},
	{"F14", "a new phone that becomes a login ID", ""},
	{"F15", "a merge that keeps the updating user", ""},
	{"F16", "a merge that keeps the existing user", ""},
	{"F17", "no merge without a login ID", ""},
	{"F18", "failOnConflict", ""},
	{"F19", "template options and segments", ""},
	{"F20", "locales", ""},
	{"F21", "the provider of a message", "a second gateway: the emulator posts to one, whichever provider a send names"},
	{"F22", "where a redirect is told", ""},
	{"F23", "redirects with a query, a fragment, a port, an IDN", ""},
	{"F24", "custom claims", ""},
	{"F25", "step-up", ""},
	{"F26", "second factor", ""},
	{"F27", "the end of other sessions", ""},
	{"F28", "which of two federated applications counts", ""},
	{"F29", "two links that are both good", ""},
	{"F30", "three links, of which one is used", ""},
	{"F31", "the edges of a lifetime", ""},
	{"F32", "refresh", ""},
	{"F33", "logout, logout of all, me, validate", ""},
	{"F34", "tokens in cookies", ""},
	{"F35", "test users and their values", ""},
	{"F36", "static codes", ""},
	{"F37", "public keys", ""},
	{"F38", "ways to write a number", "extensions: a message reaches none, and N21 has them refused"},
	{"F39", "two devices", ""},
	{"N01", "bodies that are no JSON", ""},
	{"N02", "fields that are missing", ""},
	{"N03", "values of a wrong type", ""},
	{"N04", "values that are none of a list", ""},
	{"N05", "a wrong code", ""},
	{"N06", "too many wrong codes", ""},
	{"N07", "an expired code", ""},
	{"N08", "sign-up of a user", ""},
	{"N09", "sign-in of nobody", ""},
	{"N10", "management of nobody", ""},
	{"N11", "tokens of no use", "equal times: a busy machine would decide the test"},
	{"N12", "enchanted links that are pending or unknown", ""},
	{"N13", "refresh after a logout", ""},
	{"N14", "over a limit", ""},
	{"N15", "too many test users", ""},
	{"N16", "bearers", ""},
	{"N17", "an update without a refresh JWT", ""},
	{"N18", "an update with a session JWT", ""},
	{"N19", "an update of somebody else", ""},
	{"N20", "keys on the wrong routes", "management keys that only read: there are none here"},
	{"N21", "numbers that are none", ""},
	{"N22", "redirects outside the approved domains", ""},
	{"N23", "wrong verbs and content types", ""},
	{"N24", "what is far too large, and names that stand twice", "less than a second: a busy machine would decide the test"},
	{"N25", "disabled users", ""},
	{"N26", "disabled methods", ""},
	{"N27", "timeouts of embedded links", ""},
	{"N28", "codes on another channel", ""},
	{"N29", "an update to the phone one has", ""},
	{"N30", "deleted users", ""},
	{"C01", "a new phone by link, then sign-in", ""},
	{"C02", "a new phone by code, then both methods", ""},
	{"C03", "what was sent before a change", ""},
	{"C04", "an abandoned change", ""},
	{"C05", "a change and back", ""},
	{"C06", "tokens, user and management agree", ""},
	{"C07", "a recycled number", ""},
	{"C08", "either login ID", ""},
	{"C09", "a user who was merged away", ""},
	{"C10", "when a phone is verified", ""},
	{"C11", "deleted, and signed up again", ""},
	{"C12", "counters after a success", ""},
	{"C13", "export and import", ""},
	{"C14", "a send, a message, a record", ""},
	{"R01", "redeem one link", ""},
	{"R02", "redeem one code", ""},
	{"R03", "wrong codes", ""},
	{"R04", "wrong codes and the right one", ""},
	{"R05", "redeem and send again", ""},
	{"R06", "redeem at the end of a lifetime", ""},
	{"R07", "sign-ups of one number", ""},
	{"R08", "two links of one sign-up", ""},
	{"R09", "one number for many users", ""},
	{"R10", "two changes of one user", ""},
	{"R11", "merge, sign-in and refresh", ""},
	{"R12", "refreshes of one token", ""},
	{"R13", "logout and refresh", ""},
	{"R14", "lost answers", ""},
	{"R15", "the end of a user and sign-ins", ""},
	{"R16", "sends up to a limit", ""},
	{"R17", "rotation and tokens", ""},
	{"R18", "the end of a project beside another", ""},
}

var (
	rowsOfTest    = regexp.MustCompile(`^Test((?:[A-Z][0-9]{2})+)`)
	rowsOfSubtest = regexp.MustCompile(`^((?:[A-Z][0-9]{2})+)\b`)
	oneRow        = regexp.MustCompile(`[A-Z][0-9]{2}`)
)

// TestCatalogue compares the rows with the names of the tests, both ways. The sources are
// read here, so that whoever takes a test away hears of it.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	shown := map[string][]string{} // tests by row
	races := map[string]map[string]bool{}
	for _, f := range testFunctions(t) {
		names := [][]string{rowsOfTest.FindStringSubmatch(f.Name.Name)}
		words := map[string]bool{}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				words[n.Name] = true
			case *ast.CallExpr:
				names = append(names, rowsOfSubtest.FindStringSubmatch(subtest(n)))
			}
			return true
		})
		for _, found := range names {
			for _, id := range oneRow.FindAllString(append(found, "", "")[1], -1) {
				shown[id] = append(shown[id], f.Name.Name)
				if id[0] == 'R' {
					races[f.Name.Name] = words
				}
			}
		}
	}

	known := map[string]bool{}
	for i, r := range catalogue {
		if known[r.id] || r.what == "" || i > 0 && r.id[0] == catalogue[i-1].id[0] && r.id <= catalogue[i-1].id {
			t.Errorf("row %s stands twice, out of its place or for nothing", r.id)
		}
		known[r.id] = true
		if len(shown[r.id]) == 0 {
			t.Errorf("row %s (%s) has no test", r.id, r.what)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(shown)) {
		if !known[id] && id[0] != 'S' { // the invariants of security are a catalogue of their own
			t.Errorf("%v are of row %s, which is none of the catalogue", shown[id], id)
		}
	}

	// A race proves that its requests met, by a crowd: of 64 in 200 rounds where one thing
	// works once, of 16 at least elsewhere.
	for _, id := range []string{"R01", "R02", "R03", "R04", "R12"} {
		for _, name := range shown[id] {
			if !races[name]["lanes"] || !races[name]["rounds"] {
				t.Errorf("%s is of row %s, and not a race of all lanes in all rounds", name, id)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(races)) {
		if !races[name]["newCrowd"] && !races[name]["newAdminCrowd"] {
			t.Errorf("%s is a race without a crowd", name)
		}
	}
	if rounds > smallRounds && (lanes != 64 || rounds != 200) || smallLanes != 16 {
		t.Errorf("races are %d rounds of %d, and %d lanes elsewhere", rounds, lanes, smallLanes)
	}
}

// testFunctions reads the tests of this folder.
func testFunctions(t *testing.T) (all []*ast.FuncDecl) {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files of tests: %v", len(files), err)
	}
	set := token.NewFileSet()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(set, name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Body != nil && len(f.Name.Name) > 4 && f.Name.Name[:4] == "Test" {
				all = append(all, f)
			}
		}
	}
	return all
}

// subtest is the name that a call of Run gives, if it stands there as it is.
func subtest(call *ast.CallExpr) string {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Run" || len(call.Args) != 2 {
		return ""
	}
	text, ok := call.Args[0].(*ast.BasicLit)
	if !ok || text.Kind != token.STRING {
		return ""
	}
	name, err := strconv.Unquote(text.Value)
	if err != nil {
		return ""
	}
	return name
}
