package emulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/descope"
)

// fillAll sets everything in the value to something that is not empty.
func fillAll(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillAll(v.Elem())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for field, f := range v.Fields() {
			if field.IsExported() {
				fillAll(f)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillAll(v.Index(0))
		fillAll(v.Index(1))
	case reflect.Uint8: // one of a few words
		v.SetUint(1)
	case reflect.Uint16:
		v.SetUint(1 << 15)
	case reflect.Uint64:
		v.SetUint(1 << 63)
	case reflect.Map:
		if v.Type() == reflect.TypeFor[map[string]string]() {
			v.Set(reflect.ValueOf(map[string]string{"a<": "é"}))
			return
		}
		v.Set(reflect.ValueOf(map[string]any{"a<": "é", "n": json.Number("12345678901234567890")}))
	case reflect.String:
		v.SetString("\"x\"\\ <é>&\u2028\x01\x7f\xff")
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(-7)
	}
}

// The answers that write themselves are what encoding/json makes of them: full ones,
// which tells of a field that was forgotten, and those of a user of nothing.
func TestAnswersAreThoseOfEncodingJSON(t *testing.T) {
	t.Parallel()
	blank := blankInfo()
	documents := []any{&blank, &descope.AuthResponse{}, &descope.AuthResponse{User: &blank}, &descope.MaskedResponse{}}
	for _, full := range []any{&descope.User{}, &descope.AuthResponse{}, &descope.MaskedResponse{}} {
		fillAll(reflect.ValueOf(full).Elem())
		documents = append(documents, full)
	}
	for _, document := range documents {
		want, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendDocument(nil, document)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(got), string(want)); diff != "" {
			t.Errorf("%T (-got +want):\n%s", document, diff)
		}
	}
	for _, list := range []*messageList{{1, 7, []*message{}}, {1, 7, []*message{{}, {}}}} {
		if len(list.Messages) > 0 {
			fillAll(reflect.ValueOf(list.Messages[0]).Elem())
			list.Messages[0].CreatedAt = time.Date(2026, 3, 1, 12, 0, 0, 250e6, time.UTC)
		}
		want, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendDocument(nil, list)
		if diff := cmp.Diff(string(got), string(want)); diff != "" || err != nil {
			t.Errorf("list (-got +want, %v):\n%s", err, diff)
		}
	}
	w := httptest.NewRecorder()
	answer(w, http.StatusOK, &descope.User{OAuth: map[string]any{"f": func() {}}})
	if w.Code != http.StatusInternalServerError {
		t.Errorf("a document that is none is answered %d, want 500", w.Code)
	}
}
