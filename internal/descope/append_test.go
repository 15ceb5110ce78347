package descope_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

type appender interface {
	AppendJSON(b []byte) ([]byte, error)
}

// fill sets every field below v: texts to s, flags to on, maps and structs as well.
func fill(v reflect.Value, s string, on bool) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(s)
	case reflect.Bool:
		v.SetBool(on)
	case reflect.Pointer:
		if on {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), s, on)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, s, on)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		if on {
			e := reflect.New(v.Type().Elem()).Elem()
			if e.Kind() == reflect.String {
				e.SetString(s)
			}
			v.SetMapIndex(reflect.ValueOf("k"), e)
		}
	}
}

// FuzzAppendJSON holds what requests write of themselves against encoding/json.
func FuzzAppendJSON(f *testing.F) {
	for _, s := range []string{"", "authbench+1@example.test", "a\"b\\c", "<&>", "é\u2028", "\xff\x01\x7f"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, on bool) {
		for _, r := range []appender{
			&descope.SignInRequest{}, &descope.SignUpRequest{}, &descope.UpdatePhoneRequest{}, &descope.UpdateEmailRequest{},
			&descope.VerifyLinkRequest{}, &descope.VerifyCodeRequest{}, &descope.RefreshRequest{},
		} {
			fill(reflect.ValueOf(r).Elem(), s, on)
			want, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := r.AppendJSON([]byte("x")); err != nil || string(got) != "x"+string(want) {
				t.Errorf("%T: %s, %v, want %s", r, got, err, want)
			}
		}
	})
}

func TestAppendJSONTellsWhatCanNotBeWritten(t *testing.T) {
	t.Parallel()
	r := descope.SignInRequest{LoginOptions: &descope.LoginOptions{CustomClaims: map[string]any{"x": math.Inf(1)}}}
	if _, err := r.AppendJSON(nil); err == nil {
		t.Error("an infinite number is written")
	}
}
