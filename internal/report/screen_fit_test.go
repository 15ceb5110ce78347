package report

import "testing"

func TestFit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		at   int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"abcd", 0, "abcd"}, {"", 3, ""},
		{"\x1b[31mabcd\x1b[0m", 2, "\x1b[31mab\x1b[0m"}, {"a\x1b[31mb\x1b[0mcd", 3, "a\x1b[31mb\x1b[0mc"},
		{"▁▂▃▄", 2, "▁▂"}, {"日本", 3, "日"},
	} {
		if got := fit(c.line, c.at); got != c.want {
			t.Errorf("%q in %d columns is %q, want %q", c.line, c.at, got, c.want)
		}
	}
}
