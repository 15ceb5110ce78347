package jsondoc_test

import (
	"slices"
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

func TestObjects(t *testing.T) {
	t.Parallel()
	shape := jsondoc.ShapeOf[inner]()
	v, ok := jsondoc.Valid([]byte(`[ {"id":"a"}, null ,{"tags":["x"],"id":"b"},{"id":1}, 7]`))
	if !ok {
		t.Fatal("refused")
	}
	var got []string
	for f := range v.Objects(shape) {
		got = append(got, f.Find("id").Text()+string(f.Find("tags").Raw()))
	}
	if want := []string{"a", "", `b["x"]`, "", ""}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for range v.Index(0).Objects(shape) {
		t.Error("an object has elements")
	}
}
