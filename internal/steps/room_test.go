package steps_test

import (
	"bytes"
	"testing"

	"github.com/authbench/authbench/internal/steps"
)

// A body that was kept stays as it is, whatever is written after it.
func TestRoom(t *testing.T) {
	t.Parallel()
	var env steps.Env
	var kept [][]byte
	for i := range 200 {
		body := env.Keep(append(env.Room(40), bytes.Repeat([]byte{byte(i)}, 7*i%90)...))
		kept = append(kept, body)
		_ = append(body, 'x') // what its owner appends is not a part of others
		if i%3 == 0 {
			env.Reset()
		}
	}
	for i, body := range kept {
		if want := bytes.Repeat([]byte{byte(i)}, 7*i%90); !bytes.Equal(body, want) {
			t.Errorf("body %d is %v, want %v", i, body, want)
		}
	}
}
