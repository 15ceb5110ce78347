package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/authbench/authbench/internal/descope"
)

// markOf is the cursor that an answer tells of the project's inbox.
func (b *bench) markOf(r reply) uint64 {
	b.t.Helper()
	project, cursor, _ := strings.Cut(r.header.Get(descope.InboxHeader), " ")
	at, err := strconv.ParseUint(cursor, 10, 64)
	if project != b.project.ID || err != nil {
		b.t.Fatalf("%s is %q", descope.InboxHeader, r.header.Get(descope.InboxHeader))
	}
	return at
}

// numbers lists the cursors of all unread messages, by recipient.
func (b *bench) numbers() map[string]uint64 {
	b.t.Helper()
	var out struct {
		Messages []struct {
			Recipient string `json:"recipient"`
			Cursor    uint64 `json:"cursor,string"`
		} `json:"messages"`
	}
	b.ask(http.MethodGet, "/messages").into(b.t, &out)
	all := map[string]uint64{}
	for _, m := range out.Messages {
		all[m.Recipient] = m.Cursor
	}
	return all
}

// A reader that goes on from the mark of its own send must find the message, and
// no message that was there before.
func TestAnswerTellsWhereTheInboxStood(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	const senders = 32
	phone := func(i int) string { return fmt.Sprintf("+1555556%04d", i) }
	var group sync.WaitGroup
	var marks [senders]uint64
	for i := range senders {
		body, err := json.Marshal(descope.SignInRequest{Identity: identity(phone(i))})
		if err != nil {
			t.Fatal(err)
		}
		path := descope.Path(descope.PathMagicLinkSignUpOrIn, descope.MethodSMS)
		if i%2 == 0 {
			path = descope.Path(descope.PathOTPSignUpOrIn, descope.MethodSMS)
		}
		group.Go(func() {
			marks[i] = b.markOf(b.do(http.MethodPost, path, b.public().Header(), "application/json", string(body)))
		})
	}
	group.Wait()
	numbers := b.numbers()
	for i, mark := range marks {
		if own := numbers[phone(i)]; own != mark+1 {
			t.Errorf("the mark is %d and the message has cursor %d, want the one right behind", mark, own)
		}
	}
}

func TestAnswerWithoutAMessageTellsTheEndOfTheInbox(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.signUp(alice)
	update := b.post(descope.Path(descope.PathMagicLinkUpdatePhone, descope.MethodSMS), b.as(first.RefreshJWT),
		descope.UpdatePhoneRequest{Identity: identity(alice), Phone: newPhone})
	if got := b.markOf(update); got != 1 {
		t.Errorf("an update behind one message has mark %d, want 1", got)
	}
	tester := "tester@example.test"
	b.post(descope.PathTestUserCreate, b.manager(), descope.CreateUserRequest{Identity: identity(tester), Email: tester})
	toTester := b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodEmail), b.public(),
		descope.SignInRequest{Identity: identity(tester)})
	if toTester.status != http.StatusOK {
		t.Errorf("a test user's sign-in: %d %s", toTester.status, toTester.text)
	}
	for name, c := range map[string]struct {
		r    reply
		want uint64
	}{
		"me":           {b.get(descope.PathMe, b.as(first.RefreshJWT)), 2},
		"refused":      {b.post(descope.Path(descope.PathMagicLinkSignIn, descope.MethodSMS), b.public(), descope.SignInRequest{Identity: identity(bob)}), 2},
		"verification": {b.verify(b.take(newPhone).token(t)), 2},
		"a test user":  {toTester, 2},
	} {
		if got := b.markOf(c.r); got != c.want {
			t.Errorf("%s: the mark is %d, want %d", name, got, c.want)
		}
	}
	if r := b.get(descope.PathMe, descope.Bearer{Project: "P000000000000000000000000000"}); r.header.Get(descope.InboxHeader) != "" {
		t.Error("an answer for no project has a mark")
	}
}
