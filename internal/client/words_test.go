package client

import "testing"

// Every byte at every place of a word, and of what is left after one, is judged as it
// is alone.
func TestTextIsTheSameWhereverItStands(t *testing.T) {
	t.Parallel()
	for b := range 256 {
		want := b == '\t' || b >= ' ' && b != 0x7f
		for _, around := range []byte{'x', '\t', 0x80, 0xff, '~'} {
			for at := range 19 {
				s := make([]byte, 19)
				for i := range s {
					s[i] = around
				}
				s[at] = byte(b)
				if got := isText(string(s)); got != want {
					t.Fatalf("byte %#x at %d among %#x: %v, want %v", b, at, around, got, want)
				}
			}
		}
	}
}

func BenchmarkText(b *testing.B) {
	s := "Bearer P2abcdefghijklmnopqrstuvwxyz0123456789:abcdefghijklmnopqrstuvwxyz"
	for b.Loop() {
		if !isText(s) {
			b.Fatal("it is text")
		}
	}
}
