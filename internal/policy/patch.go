package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// hidden is what a policy shows in place of a secret.
const hidden = "***"

// Patched is the policy after a JSON merge patch (RFC 7396): an object is merged member by
// member, everything else replaces what stood there, and null gives a setting its default.
// A secret that the patch has as it is shown stays. It is not validated.
func (p Project) Patched(patch map[string]any) (Project, error) {
	text, err := json.Marshal(p.Revealed())
	if err != nil {
		return p, err
	}
	var document map[string]any
	if err := decode(text, &document); err != nil {
		return p, err
	}
	if err := mergePatch(document, patch); err != nil {
		return p, err
	}
	if text, err = json.Marshal(document); err != nil {
		return p, err
	}
	next := Default()
	if err := decode(text, &next); err != nil {
		return p, err
	}
	return next.Complete(), nil
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	d.UseNumber() // numbers stay as they were written
	return d.Decode(into)
}

func mergePatch(document, patch map[string]any) error {
	for name, value := range patch {
		inner, isObject := value.(map[string]any)
		switch {
		case value == nil:
			delete(document, name)
		case isObject:
			part, ok := document[name].(map[string]any)
			if !ok {
				part = map[string]any{}
			}
			if err := mergePatch(part, inner); err != nil {
				return err
			}
			document[name] = part
		case value == hidden && document[name] == nil:
			return fmt.Errorf("%s: %q leaves a secret as it is, and there is none", name, hidden)
		case value == hidden:
		default:
			document[name] = value
		}
	}
	return nil
}
