package runner

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestLowestFreePlace compares with a scan.
func TestLowestFreePlace(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 63, 64, 65, 4096, 4097, 10_000} {
		p := newPlaces(size)
		taken, count := make([]byte, size), 0 // 1 is taken
		random := rand.New(rand.NewPCG(1, uint64(size)))
		for range 4 * size {
			if at := random.IntN(size); taken[at] == 1 {
				p.give(at)
				taken[at] = 0
				count--
			}
			if count == size || random.IntN(3) == 0 {
				continue
			}
			want := bytes.IndexByte(taken, 0)
			if got := p.take(); got != want {
				t.Fatalf("%d places: got %d, want %d", size, got, want)
			}
			taken[want] = 1
			count++
		}
	}
}

func TestQueueIsInOrder(t *testing.T) {
	t.Parallel()
	var q fifo[int]
	in, out := 0, 0
	for round := range 100 {
		for range round {
			q.push(in)
			in++
		}
		for range round * 2 / 3 {
			if got := q.peek(); got != out {
				t.Fatalf("next is %d, want %d", got, out)
			}
			if got := q.pop(); got != out {
				t.Fatalf("got %d, want %d", got, out)
			}
			out++
		}
		if q.len() != in-out {
			t.Fatalf("%d wait, want %d", q.len(), in-out)
		}
	}
}

func BenchmarkPlaces(b *testing.B) {
	p := newPlaces(1_000_000)
	for range 100_000 {
		p.take()
	}
	b.ReportAllocs()
	for b.Loop() {
		p.give(p.take())
	}
}
