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
	document, err := p.Revealed().document()
	if err != nil {
		return p, err
	}
	shown, err := p.document()
	if err != nil {
		return p, err
	}
	if err := mergePatch(document, shown, patch); err != nil {
		return p, err
	}
	text, err := json.Marshal(document)
	if err != nil {
		return p, err
	}
	next := Default()
	if err := decode(text, &next); err != nil {
		return p, err
	}
	return next.Complete(), nil
}

// document is the policy as JSON has it.
func (p Project) document() (map[string]any, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	var document map[string]any
	return document, decode(text, &document)
}

func decode(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	d.UseNumber() // numbers stay as they were written
	return d.Decode(into)
}

// mergePatch changes a document that is shown with its secrets hidden.
func mergePatch(document, shown, patch map[string]any) error {
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
			seen, _ := shown[name].(map[string]any)
			if err := mergePatch(part, seen, inner); err != nil {
				return err
			}
			document[name] = part
		case value == hidden && shown[name] == hidden:
		case value == hidden:
			return fmt.Errorf("%s: %q leaves a secret as it is, and there is none", name, hidden)
		default:
			document[name] = value
		}
	}
	return nil
}
