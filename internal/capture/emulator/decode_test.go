package emulator

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/capture"
)

// full is a listing as the emulator sends it.
const full = `{"format_version":1,"cursor":"7","messages":[` +
	`{"id":"M1","recipient":"a@example.test","channel":"email","purpose":"magiclink","subject":"Sign in","body":"say \"hi\" \u00e9 ü","link":"https://a.test","created_at":"2026-01-02T03:04:05.678Z","read":false,"template_options":{"a":"b"},"cursor":"3"},` +
	`{"id":"M2","recipient":"+15550000001","channel":"sms","purpose":"otp","body":"123456","created_at":"2026-01-02T03:04:05+02:00","read":false,"cursor":"7"}]}` + "\n"

func listings() []string {
	return []string{
		full,
		`{"format_version":1,"cursor":"0","messages":[]}`,
		`{"format_version":1,"cursor":"0","messages":null}`,
		`{"format_version":1,"cursor":"0","messages":[null]}`,
		`{"format_version":1,"cursor":null,"messages":[{"id":null,"cursor":null,"created_at":null}]}`,
		`{"format_version":1,"cursor":"01","messages":[{"cursor":"-1"}]}`,
		`{"format_version":1,"cursor":"null","messages":[]}`,
		`{"format_version":1,"cursor":" 1","messages":[]}`,
		`{"format_version":1,"cursor":"\u0031","messages":[]}`,
		`{"format_version":1,"cursor":1,"messages":[]}`,
		`{"format_version":1,"Cursor":"1","messages":[]}`,
		`{"format_version":1,"cursor":"1","cursor":"2","messages":[]}`,
		`{"format_version":1.0,"cursor":"1","messages":[]}`,
		`{"format_version":99999999999,"cursor":"1","messages":[]}`,
		`{"format_version":1,"cursor":"18446744073709551616","messages":[]}`,
		`{"format_version":1,"cursor":"1","messages":[{"created_at":"yesterday"}]}`,
		`{"format_version":1,"cursor":"1","messages":[{"created_at":"2026-01-02T3:04:05Z"}]}`,
		`{"format_version":1,"cursor":"1","messages":[{"created_at":"2026-01-02T03:04:05\u005a"}]}`,
		`{"format_version":1,"cursor":"1","messages":[{"delivery":{"due_at":"x","arrived_at":"2026-01-02T03:04:05.5Z"}}]}`,
		`{"format_version":1,"cursor":"1","messages":[{"delivery":{"arrived_at":"yesterday"}}]}`,
		`{"format_version":1,"cursor":"1","messages":[{"delivery":{"arrived_at":null}},{"delivery":{}},{"delivery":null},{"delivery":[]}]}`,
		`{"format_version":1,"cursor":"1","messages":[{"body":7}]}`,
		"{\"format_version\":1,\"cursor\":\"1\",\"messages\":[{\"body\":\"\xff\"}]}",
		`{"format_version":1,"cursor":"1","messages":{}}`,
		`{"error":"no"}`, `[]`, `null`, ``, `{"format_version":1`, `{} {}`,
	}
}

// What the short way takes, encoding/json takes, with the same values.
func sameListing(t *testing.T, data []byte) {
	t.Helper()
	f := newForms()
	var got, want listing
	err := json.Unmarshal(data, &want)
	if f.readListing(data, new(room), &got) {
		if err != nil {
			t.Fatalf("%q is taken, and encoding/json says %v", data, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %s", data, cmp.Diff(want, got))
		}
	}
	l, ok := f.decodeListing(data, new(room))
	if ok != (err == nil) || ok && !reflect.DeepEqual(*l, want) {
		t.Fatalf("%q: %+v, %v; want %+v, %v", data, l, ok, want, err)
	}
}

func sameReceipt(t *testing.T, data []byte) {
	t.Helper()
	f := newForms()
	var want receipt
	err := json.Unmarshal(data, &want)
	r, ok := f.decodeReceipt(data, new(room))
	if ok != (err == nil) || ok && !reflect.DeepEqual(*r, want) {
		t.Fatalf("%q: %+v, %v; want %+v, %v", data, r, ok, want, err)
	}
}

func sameCallback(t *testing.T, data []byte) {
	t.Helper()
	f := newForms()
	var got, want callback
	err := json.Unmarshal(data, &want)
	if f.readCallback(data, new(room), &got) && (err != nil || !reflect.DeepEqual(got, want)) {
		t.Fatalf("%q is taken as %+v, and encoding/json says %+v, %v", data, got, want, err)
	}
	c, ok := f.decodeCallback(data, new(room))
	if ok != (err == nil) || ok && !reflect.DeepEqual(*c, want) {
		t.Fatalf("%q: %+v, %v; want %+v, %v", data, c, ok, want, err)
	}
}

func callbacks() []string {
	return []string{
		`{"format_version":1,"cursor":"12","found":[{"id":"M1","recipient":"a","body":"b","created_at":"2026-01-02T03:04:05Z","cursor":"7"},{},{"passed":3},{"lost":true},{"later":true}]}`,
		`{"format_version":1,"cursor":"12","found":[]}`,
		`{"format_version":1,"cursor":"12","found":null}`,
		`{"format_version":1,"cursor":"12","found":[null]}`,
		`{"format_version":1,"cursor":"12","found":[{"passed":-1,"lost":false,"later":null}]}`,
		`{"format_version":1,"cursor":"12","found":[{"passed":1.5}]}`,
		`{"format_version":1,"cursor":"12","found":[{"lost":"true"}]}`,
		`{"format_version":1,"cursor":12,"found":[{}]}`,
		`{"found":{}}`, `{}`, `[]`,
	}
}

func receipts() []string {
	return []string{
		`{"format_version":1,"cursor":"12","read":["M1","M2"]}`,
		`{"format_version":1,"cursor":"12","read":["M1"],"messages":[{"id":"M2","recipient":"a","body":"b","created_at":"2026-01-02T03:04:05Z","cursor":"7"}],"listed":"7"}`,
		`{"format_version":1,"cursor":"12","read":[],"messages":[],"listed":7}`,
		`{"format_version":1,"cursor":"12","read":[],"messages":7,"listed":"7"}`,
		`{"format_version":1,"cursor":"12","read":[]}`,
		`{"format_version":1,"cursor":"12","read":null}`,
		`{"format_version":1,"cursor":"12","read":[null,"a\"\u00e9"]}`,
		`{"format_version":1,"cursor":"12","read":[1]}`,
		`{"format_version":1,"cursor":12,"read":["M1"]}`,
		`{"format_version":1,"cursor":"12","read":["M1"],"READ":["M2"]}`,
		`{"format_version":2}`,
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, text := range listings() {
		sameListing(t, []byte(text))
	}
	for _, text := range receipts() {
		sameReceipt(t, []byte(text))
	}
	for _, text := range callbacks() {
		sameCallback(t, []byte(text))
	}
	f := newForms()
	for _, text := range listings()[:2] {
		if !f.readListing([]byte(text), new(room), new(listing)) {
			t.Errorf("%s goes the long way", text)
		}
	}
	for _, text := range receipts()[:2] {
		if !f.readReceipt([]byte(text), new(room), new(receipt)) {
			t.Errorf("%s goes the long way", text)
		}
	}
}

func TestDecodeCallbackGoesTheShortWay(t *testing.T) {
	t.Parallel()
	f := newForms()
	for _, text := range callbacks()[:2] {
		if !f.readCallback([]byte(text), new(room), new(callback)) {
			t.Errorf("%s goes the long way", text)
		}
	}
}

// The answer's memory is the client's: nothing may point into it.
func TestDecodeCopies(t *testing.T) {
	t.Parallel()
	f := newForms()
	data := []byte(full)
	got, _ := f.decodeListing(data, new(room))
	clear(data)
	want, _ := f.decodeListing([]byte(full), new(room))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("a listing changed with the answer: %s", cmp.Diff(want, got))
	}
}

func TestAppendTake(t *testing.T) {
	t.Parallel()
	for _, ids := range [][]string{{}, {"M1"}, {"M1", `a"\`, "é", "\x00", "\xff", ""}} {
		after := uint64(len(ids))
		text := appendTake(nil, ids, &after)
		var got struct {
			IDs   []string
			After string
		}
		if err := json.Unmarshal(text, &got); err != nil || got.After != strconv.Itoa(len(ids)) {
			t.Fatalf("%s: %v", text, err)
		}
		for i, id := range ids {
			ids[i] = string([]rune(id)) // encoding/json writes U+FFFD for what is no text
		}
		if !slices.Equal(got.IDs, ids) {
			t.Errorf("%s: %q, want %q", text, got.IDs, ids)
		}
	}
}

func FuzzListing(f *testing.F) {
	for _, text := range listings() {
		f.Add([]byte(text))
	}
	f.Fuzz(sameListing)
}

func FuzzReceipt(f *testing.F) {
	for _, text := range receipts() {
		f.Add([]byte(text))
	}
	f.Fuzz(sameReceipt)
}

func FuzzCallback(f *testing.F) {
	for _, text := range callbacks() {
		f.Add([]byte(text))
	}
	f.Fuzz(sameCallback)
}

func TestAppendCalls(t *testing.T) {
	t.Parallel()
	calls := []*watch{
		{recipient: "+15550000001"},
		{recipient: `a"b@example.test`, mark: 1<<64 - 1, match: capture.Match{Subject: "é", Contains: `"`}},
	}
	var got struct {
		Wanted []struct{ Recipient, After, Subject, Contains string }
	}
	if err := json.Unmarshal(appendCalls(nil, calls), &got); err != nil || len(got.Wanted) != 2 {
		t.Fatalf("%+v: %v", got, err)
	}
	if w := got.Wanted[0]; w.Recipient != "+15550000001" || w.After != "0" || w.Subject != "" || w.Contains != "" {
		t.Errorf("%+v", w)
	}
	if w := got.Wanted[1]; w.Recipient != `a"b@example.test` || w.After != "18446744073709551615" || w.Subject != "é" || w.Contains != `"` {
		t.Errorf("%+v", w)
	}
}
