package policy_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/authbench/authbench/internal/policy"
)

// Whatever the policy can choose where nothing is published has a row in the table, and a
// row leads to the setting of its name.
func TestEveryChoiceIsInTheTable(t *testing.T) {
	t.Parallel()
	var p policy.Project
	places := map[any]string{}
	collect(reflect.ValueOf(&p).Elem(), "", places)
	seen := map[string]bool{}
	for _, c := range policy.Choices() {
		if got := places[c.Field(&p)]; got != c.Setting {
			t.Errorf("the choice %s leads to the setting %q", c.Setting, got)
		}
		if seen[c.Setting] || c.Doc == "" {
			t.Errorf("the choice %s stands twice, or nothing tells of it", c.Setting)
		}
		if got := policy.ChoiceOf(c.Setting).Setting; got != c.Block()+strings.Repeat(".", min(1, len(c.Block())))+c.Name() {
			t.Errorf("block %q and name %q are not of %s", c.Block(), c.Name(), got)
		}
		seen[c.Setting] = true
	}
	for _, setting := range places {
		if strings.HasPrefix(setting, "unpublished.") && !seen[setting] {
			t.Errorf("%s is not in the table", setting)
		}
	}
}

// collect notes the address of every setting that is no block.
func collect(v reflect.Value, prefix string, into map[any]string) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if field := v.Field(i); field.Kind() == reflect.Struct {
			collect(field, prefix+name+".", into)
		} else {
			into[field.Addr().Interface()] = prefix + name
		}
	}
}

// A value outside of a choice is told by its setting.
func TestImpossibleChoices(t *testing.T) {
	t.Parallel()
	for _, c := range policy.Choices() {
		p := policy.Default()
		switch at := c.Field(&p).(type) {
		case *string:
			*at = "perhaps"
		case *int:
			*at = int(c.Most) + 1
		case *policy.Duration:
			*at = policy.Duration(c.Most) + 1
		case *[]string:
			*at = []string{"a", "a"}
		case *bool:
			continue
		}
		var told bool
		for _, problem := range p.Validate() {
			told = told || strings.HasPrefix(problem.Setting, c.Setting)
		}
		if !told {
			t.Errorf("%s: %v, which is no problem", c.Setting, p.Validate())
		}
	}
}
