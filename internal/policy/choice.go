package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Choice is one thing that nobody has published of the service, and the setting that
// decides it here. Everything that is known of the setting stands in it: the language, the
// check of a policy, the defaults and the reference are made of the table of choices.
type Choice struct {
	Setting string   // dotted path, as a Problem has it
	Doc     string   // one sentence
	Words   []string // what a text may be, the default first; nil for other kinds
	// Least and Most bound a number, and a duration in nanoseconds.
	Least, Most int64

	fallback any
	field    func(*Project) any
}

// Name is the last part of the setting's path, and Block what stands before it; it is empty
// for a setting of the project itself.
func (c *Choice) Name() string { return c.Setting[strings.LastIndexByte(c.Setting, '.')+1:] }

// Block is what stands before the name, without the dot.
func (c *Choice) Block() string {
	return strings.TrimSuffix(c.Setting[:len(c.Setting)-len(c.Name())], ".")
}

// Field is the place of the setting in a policy: a *string, *bool, *int, *Duration or
// *[]string.
func (c *Choice) Field(p *Project) any { return c.field(p) }

// ChoiceOf finds a choice by its setting. It panics if there is none.
func ChoiceOf(setting string) Choice {
	all := Choices()
	i := slices.IndexFunc(all, func(c Choice) bool { return c.Setting == setting })
	if i < 0 {
		panic("policy: no choice " + setting)
	}
	return all[i]
}

func oneOf(setting string, words []string, at func(*Project) *string, doc string) Choice {
	return Choice{Setting: setting, Doc: doc, Words: words, fallback: words[0], field: func(p *Project) any { return at(p) }}
}

func whether(setting string, fallback bool, at func(*Project) *bool, doc string) Choice {
	return Choice{Setting: setting, Doc: doc, fallback: fallback, field: func(p *Project) any { return at(p) }}
}

func number(setting string, fallback, least, most int, at func(*Project) *int, doc string) Choice {
	return Choice{
		Setting: setting, Doc: doc, Least: int64(least), Most: int64(most), fallback: fallback,
		field: func(p *Project) any { return at(p) },
	}
}

func span(setting string, fallback, least, most time.Duration, at func(*Project) *Duration, doc string) Choice {
	return Choice{
		Setting: setting, Doc: doc, Least: int64(least), Most: int64(most), fallback: Duration(fallback),
		field: func(p *Project) any { return at(p) },
	}
}

// texts is a list that is empty unless a project fills it; each entry stands once.
func texts(setting string, at func(*Project) *[]string, doc string) Choice {
	return Choice{Setting: setting, Doc: doc, field: func(p *Project) any { return at(p) }}
}

// reset gives the setting its default.
func (c *Choice) reset(p *Project) {
	switch at := c.field(p).(type) {
	case *string:
		*at, _ = c.fallback.(string)
	case *bool:
		*at, _ = c.fallback.(bool)
	case *int:
		*at, _ = c.fallback.(int)
	case *Duration:
		*at, _ = c.fallback.(Duration)
	case *[]string:
		*at = []string{}
	}
}

// check reports what is wrong with the setting.
func (c *Choice) check(p *Project, f *faults) {
	switch at := c.field(p).(type) {
	case *string:
		f.word(c.Setting, *at, c.Words)
	case *int:
		f.number(c.Setting, *at, int(c.Least), int(c.Most))
	case *Duration:
		f.span(c.Setting, *at, time.Duration(c.Least), time.Duration(c.Most))
	case *[]string:
		f.texts(c.Setting, *at)
	}
}

// Shown is the default of the setting in JSON.
func (c *Choice) Shown() string {
	var p Project
	c.reset(&p)
	switch at := c.field(&p).(type) {
	case *string:
		return fmt.Sprintf("%q", *at)
	case *bool:
		return fmt.Sprint(*at)
	case *int:
		return fmt.Sprint(*at)
	case *Duration:
		return fmt.Sprintf("%q", at.String())
	default:
		return "[]"
	}
}
