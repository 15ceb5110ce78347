package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Answer replaces what the emulator answers on a condition, where nobody has
// published what the service does. What is zero or empty stays.
type Answer struct {
	Condition string `json:"name"`   // one of Conditions
	Status    int    `json:"status"` // 400 to 599
	Code      string `json:"code"`
	Message   string `json:"message"`
}

const maxAnswerText = 256 // bytes

func (p *Project) answers(f *faults) {
	known := Conditions()
	seen := map[string]bool{}
	for i, a := range p.Answers {
		at := fmt.Sprintf("answer[%d]", i)
		k := slices.IndexFunc(known, func(c Condition) bool { return c.Name == a.Condition })
		switch {
		case k < 0:
			f.add(at, "%q is no condition whose answer is unpublished; there are %s", a.Condition, conditionNames(known))
			continue
		case seen[a.Condition]:
			f.add(at, "%s is answered twice", a.Condition)
		case a.Status == 0 && a.Code == "" && a.Message == "":
			f.add(at, "it replaces nothing of %s", a.Condition)
		}
		seen[a.Condition] = true
		if a.Status != 0 {
			f.number(at+".status", a.Status, 400, 599)
		}
		if a.Code != "" && known[k].CodeKnown {
			f.add(at+".code", "the code of %s is published", a.Condition)
		} else if len(a.Code) > maxAnswerText {
			f.add(at+".code", "longer than %d bytes", maxAnswerText)
		}
		if len(a.Message) > maxAnswerText {
			f.add(at+".message", "longer than %d bytes", maxAnswerText)
		}
	}
}

func conditionNames(all []Condition) string {
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}
