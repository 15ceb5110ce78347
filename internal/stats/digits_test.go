package stats

import "testing"

func TestDigits(t *testing.T) {
	t.Parallel()
	for n, want := range map[float64]string{
		0: "0", 3: "3", 1234567: "1234567", 0.049413735343383586: "0.0494137", 600.04: "600.04", 1234.56789: "1234.57", 0.000012345678: "0.0000123457",
	} {
		if got := digits(n); got != want {
			t.Errorf("%v is shown as %s, want %s", n, got, want)
		}
	}
}
