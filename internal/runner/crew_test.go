package runner

import (
	"testing"
	"testing/synctest"
)

// Goroutines are ready before there is work, no more than may be idle, and go home.
func TestCrewIsMustered(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int32{0: 0, 3: 3, 10 * maxIdle: maxIdle} {
		synctest.Test(t, func(t *testing.T) {
			c := newCrew()
			c.muster(n)
			synctest.Wait()
			if got := c.idle.Load(); got != want {
				t.Errorf("%d are idle of a crew for %d, want %d", got, n, want)
			}
			c.dismiss()
		})
	}
}
