package arch_test

import (
	"os"
	"testing"
)

// TestModule holds the program against every law.
func TestModule(t *testing.T) {
	t.Parallel()
	all, err := read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range laws() {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, found := range l.check(all) {
				t.Error(found)
			}
		})
	}
}
