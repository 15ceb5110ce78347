package emulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Several messages are taken by one call, each once, and the answer is a mark.
func TestAdminTakesSeveralMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := "/_ab/projects/" + b.project.ID + "/messages"
	call := func(ids ...string) (read []string, cursor string) {
		t.Helper()
		body, err := json.Marshal(map[string][]string{"ids": ids})
		if err != nil {
			t.Fatal(err)
		}
		r := exchange(t, b.admin, http.MethodPost, path+"/read", "Bearer "+adminKey, "application/json", string(body))
		var out struct {
			Cursor string
			Read   []string
		}
		if err := json.Unmarshal([]byte(r.text), &out); r.status != 200 || err != nil {
			t.Fatalf("HTTP %d %s: %v", r.status, r.text, err)
		}
		return out.Read, out.Cursor
	}
	b.signUp(alice)
	if read, cursor := call(); len(read) != 0 || cursor != "1" {
		t.Errorf("nothing taken gives %q at %q, want none at 1", read, cursor)
	}
	for range 3 {
		b.sendCode(alice)
	}
	var list struct {
		Messages []struct{ ID, Cursor string }
	}
	if err := json.Unmarshal([]byte(exchange(t, b.admin, http.MethodGet, path+"?after=1", "Bearer "+adminKey, "", "").text), &list); err != nil || len(list.Messages) != 3 {
		t.Fatalf("%d messages, want 3: %v", len(list.Messages), err)
	}
	one, two, three := list.Messages[0], list.Messages[1], list.Messages[2]
	if one.Cursor != "2" || three.Cursor != "4" {
		t.Errorf("messages stand at %s and %s, want 2 and 4", one.Cursor, three.Cursor)
	}
	read, cursor := call(one.ID, "nobody", two.ID, one.ID)
	if diff := cmp.Diff(read, []string{one.ID, two.ID}); diff != "" || cursor != "4" {
		t.Errorf("at %s: %s", cursor, diff)
	}
	if read, _ := call(two.ID, three.ID); len(read) != 1 || read[0] != three.ID {
		t.Errorf("taken %q, want the third alone", read)
	}
	for _, body := range []string{"", "[]", `{"ids":1}`, `{"id":"x"}`, `{"ids":[` + strings.Repeat(`"x",`, 4096) + `"x"]}`} {
		if r := exchange(t, b.admin, http.MethodPost, path+"/read", "Bearer "+adminKey, "application/json", body); r.status != 400 {
			t.Errorf("body %.20s: HTTP %d, want 400", body, r.status)
		}
	}
	if r := exchange(t, b.admin, http.MethodPost, "/_ab/projects/none/messages/read", "Bearer "+adminKey, "application/json", `{"ids":[]}`); r.status != 404 {
		t.Errorf("no project: HTTP %d", r.status)
	}
}

// One call takes messages and lists those after a cursor.
func TestAdminTakesAndLists(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := "/_ab/projects/" + b.project.ID + "/messages"
	call := func(body string) reply {
		t.Helper()
		return exchange(t, b.admin, http.MethodPost, path+"/read", "Bearer "+adminKey, "application/json", body)
	}
	type answer struct {
		listing
		Read   []string
		Listed string
	}
	b.signUp(alice)
	for range 3 {
		b.sendCode(alice)
	}
	first := b.listing("after=1").Messages[0]
	var got answer
	call(`{"ids":["`+first.ID+`"],"after":"1"}`).into(t, &got)
	if diff := cmp.Diff(got.Read, []string{first.ID}); diff != "" || got.Cursor != "4" || got.Listed != "4" || got.FormatVersion != 1 {
		t.Errorf("at %s, listed to %s: %s", got.Cursor, got.Listed, diff)
	}
	if diff := cmp.Diff(got.Messages, b.listing("after=1").Messages); diff != "" || len(got.Messages) != 2 {
		t.Errorf("%d messages, want the two that are left: %s", len(got.Messages), diff)
	}
	got = answer{}
	call(`{"ids":[],"after":"4"}`).into(t, &got)
	if got.Messages == nil || len(got.Messages) != 0 || got.Listed != "4" {
		t.Errorf("after the last: %+v", got)
	}
	if r := call(`{"ids":[]}`); strings.Contains(r.text, "listed") || strings.Contains(r.text, "messages") {
		t.Errorf("nobody asked for a list: %s", r.text)
	}
	if r := call(`{"ids":[],"after":"x"}`); r.status != 400 {
		t.Errorf("no cursor: HTTP %d", r.status)
	}
}

func TestTakeRefusals(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, body := range []string{
		`{"wanted":[{"recipient":""}]}`, `{"wanted":[{"recipient":"a","after":"x"}]}`, `{"wanted":{}}`, `{"wants":[]}`,
		`{"wanted":[` + strings.Repeat(`{"recipient":"a"},`, 4096) + `{"recipient":"a"}]}`,
	} {
		if got := exchange(t, b.admin, http.MethodPost, "/_ab/projects/"+b.project.ID+"/messages/take", "Bearer "+adminKey, "application/json", body); got.status != http.StatusBadRequest {
			t.Errorf("%.60s: HTTP %d, want 400", body, got.status)
		}
	}
}
