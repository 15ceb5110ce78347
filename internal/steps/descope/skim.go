package descope

import (
	"github.com/zclconf/go-cty/cty"

	api "github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/jsondoc"
	"github.com/authbench/authbench/internal/steps"
)

// Answers are skimmed: the whole body is proven to have the shape of its Go type, and
// what is referred to is read out of it, if anything is. A body that is unusual in any
// way is decoded instead, and so is one whose results are wanted as a whole.

// The shapes of answers.
var (
	authShape     = jsondoc.ShapeOf[api.AuthResponse]()
	maskedShape   = jsondoc.ShapeOf[api.MaskedResponse]()
	embeddedShape = jsondoc.ShapeOf[api.EmbeddedLinkResponse]()
	userShape     = jsondoc.ShapeOf[api.User]()
	wrappedShape  = jsondoc.ShapeOf[userAnswer]()
)

// source says where a result stands in the body.
type source struct {
	name, key string
	form      form
}

// form is how a result is made of what stands there.
type form uint8

const (
	formText    form = iota // null when empty
	formCount               // null when 0
	formFlag                // false when absent
	formMaybe               // a flag, null when absent
	formUser                // a user, null when absent
	formSelf                // the body is the user
	formObject              // of any shape, empty when absent
	formSession             // the session JWT, of the body or of a cookie
	formRefresh             // the refresh JWT likewise
	formClaims              // those of the session JWT
)

// sources are the results of a kind of answer.
type sources struct {
	list []source
	// decode makes all results the slow way.
	decode func(*skimmed) steps.Values
}

func (s *sources) of(name string) *source {
	for i := range s.list {
		if s.list[i].name == name {
			return &s.list[i]
		}
	}
	return nil
}

// skimmed are the results of an answer of a known shape.
type skimmed struct {
	answer
	doc     jsondoc.Fields
	sources *sources
	// session and refresh are the tokens, pieces of the body or of a cookie.
	session, refresh []byte
	claims           jsondoc.Value // once asked for
	whole            steps.Values  // once asked for
}

// skim gives nil for an answer that has to be decoded.
func skim(a answer, shape *jsondoc.Shape, s *sources) *skimmed {
	made := a.spare
	if made == nil {
		made = new(skimmed)
	}
	a.spare = nil
	*made = skimmed{answer: a, sources: s}
	if !jsondoc.ParseFields(a.body, shape, &made.doc) {
		return nil
	}
	return made
}

func (s *skimmed) text(key string) string { return s.doc.Find(key).Text() }
func (s *skimmed) user() jsondoc.Value    { return s.doc.Find("user") }

// Value implements [steps.Values]. What is simple is read out of the body.
func (s *skimmed) Value(name string) cty.Value {
	src := s.sources.of(name)
	if src == nil {
		return cty.NilVal
	}
	if typ, ok := src.form.simple(); ok {
		if v, _ := s.At(name, nil); !v.IsNull() {
			return v.Cty()
		}
		return cty.NullVal(typ)
	}
	if s.whole == nil {
		s.whole = s.sources.decode(s)
	}
	return s.whole.Value(name)
}

func (f form) simple() (cty.Type, bool) {
	switch f {
	case formText, formSession, formRefresh:
		return cty.String, true
	case formCount:
		return cty.Number, true
	case formFlag, formMaybe:
		return cty.Bool, true
	}
	return cty.NilType, false
}

// At implements [steps.Values].
func (s *skimmed) At(name string, path []string) (eval.Value, bool) {
	src := s.sources.of(name)
	if src == nil {
		return eval.Value{}, true
	}
	if _, simple := src.form.simple(); simple && len(path) > 0 {
		return eval.Value{}, false
	}
	switch src.form {
	case formUser:
		return userAt(s.doc.Find(src.key), path)
	case formSelf:
		return userAt(s.doc.Value, path)
	case formObject:
		return objectAt(s.doc.Find(src.key), path)
	case formClaims:
		if s.claims.Kind() == jsondoc.None {
			s.claims, _ = payload(s.session)
		}
		return objectAt(s.claims, path)
	case formSession:
		return textOrNull(string(s.session)), true
	case formRefresh:
		return textOrNull(string(s.refresh)), true
	}
	return src.form.read(s.doc.Find(src.key)), true
}

func (f form) read(v jsondoc.Value) eval.Value {
	switch f {
	case formCount:
		if n, _ := v.Int(); n != 0 {
			return eval.Int(n)
		}
		return eval.Null()
	case formFlag:
		return eval.Bool(v.True())
	case formMaybe:
		if v.Kind() != jsondoc.Bool {
			return eval.Null()
		}
		return eval.Bool(v.True())
	}
	return textOrNull(v.Text())
}

func textOrNull(s string) eval.Value {
	if s == "" {
		return eval.Null()
	}
	return eval.Text(s)
}

// objectAt reads below an object of any shape that is empty when it is absent.
func objectAt(v jsondoc.Value, path []string) (eval.Value, bool) {
	if v.Kind() != jsondoc.Object {
		return steps.Below(cty.EmptyObjectVal, path)
	}
	return steps.JSONAt(v, path)
}
