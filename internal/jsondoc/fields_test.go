package jsondoc_test

import (
	"testing"

	"github.com/authbench/authbench/internal/jsondoc"
)

// What is noted where it stands is what a walk finds.
func TestFieldsAreWhatFindFinds(t *testing.T) {
	t.Parallel()
	shape := jsondoc.ShapeOf[outer]()
	for _, text := range []string{
		`{}`, ` { "flag" : true , "token" : "a\nb" } `, `{"free":{"token":1},"count":7,"one":{"id":"x"},"many":[],"new":1}`, `{"token":null}`,
	} {
		v, ok := jsondoc.Parse([]byte(text), shape)
		var f jsondoc.Fields
		if !jsondoc.ParseFields([]byte(text), shape, &f) || !ok {
			t.Fatalf("%s is refused", text)
		}
		for _, name := range []string{"token", "count", "flag", "one", "many", "free", "new", "none"} {
			if got, want := string(f.Find(name).Raw()), string(v.Find(name).Raw()); got != want {
				t.Errorf("%s of %s is %q, want %q", name, text, got, want)
			}
		}
	}
	var f jsondoc.Fields
	if jsondoc.ParseFields([]byte(`{"token":1}`), shape, &f) {
		t.Error("a number passes for a text")
	}
}
