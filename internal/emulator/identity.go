package emulator

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// ProjectID is the n-th ID that a seed leads to; n counts from 0. It has 28 characters,
// because a longer ID makes SDKs look for a region in it and a shorter one fails their
// checks.
func ProjectID(seed uint64, n int) string {
	return newRandom(seed, fmt.Sprintf("id/%d", n)).text("P", 27)
}

// identify gives a project the ID and the seed that it was not given, and its life.
// Whoever gives a seed means the same project each time. Without one it has a seed that
// the emulator's and its ID decide, and another life than those that had the ID before.
func (e *Emulator) identify(id string, seed *uint64) (string, uint64, uint64) {
	switch {
	case id == "" && seed != nil:
		id = e.freeID(*seed, 0)
	case id == "":
		id = e.freeID(e.seed, e.unnamed)
		e.unnamed++
	}
	if seed != nil {
		return id, *seed, 1
	}
	sum := derive(e.seed, "seed/"+id)
	return id, binary.BigEndian.Uint64(sum[:8]) % policy.MaxSeed, e.lives.of(id) + 1
}

// freeID is the first ID of a seed, from the n-th on, that no project has.
func (e *Emulator) freeID(seed uint64, n int) string {
	for ; ; n++ {
		id := ProjectID(seed, n)
		if _, taken := e.project(id); !taken {
			return id
		}
	}
}

// lineageOf names what is made up for a project in one of its lives: a reset must not
// repeat the IDs, tokens and keys from before.
func lineageOf(id string, life uint64) string { return fmt.Sprintf("%s#%d", id, life) }

func validProjectID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// checkKey refuses a key that no bearer can hold. An empty one is fine.
func checkKey(name string, key secret.String) error {
	text := key.Reveal()
	if len(text) > 512 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == ':' || r == 0x7f }) {
		return fmt.Errorf("%s is longer than 512 bytes or holds a colon, a space or a control character", name)
	}
	return nil
}
