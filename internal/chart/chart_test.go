package chart_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/chart"
)

func format(v float64) string { return fmt.Sprintf("%g ms", v) }

func example() *chart.Chart {
	nan := math.NaN()
	return &chart.Chart{
		ID: "c1", Title: "Delay <of> all", Note: "in ms", X: []float64{0.1, 0.5, 0.9}, Times: []string{"0:01", "0:02", "0:03"},
		Ticks: []chart.Tick{{At: 0, Label: "0:00"}, {At: 0.5, Label: "0:02"}, {At: 1, Label: "0:04"}}, Format: format,
		Lines: []chart.Line{
			{Name: "p50", Class: "q1", Values: []float64{1, 2, 3}, Summary: "2 ms"},
			{Name: `p"99`, Class: "q3", Values: []float64{4, nan, 12}, Area: true},
		},
		Levels: []chart.Level{{Value: 10, Label: "limit 10 ms"}, {Value: 1e9, Label: "far"}},
		Marks:  []chart.Mark{{At: 0.5, Label: "broken"}}, Spans: []chart.Span{{From: 0, To: 0.2, Label: "warm-up"}},
	}
}

func TestHTML(t *testing.T) {
	t.Parallel()
	got := string(example().HTML())
	for _, want := range []string{
		`d="M100 140L500 130L900 120"`,                       // p50, with 15 at the top
		`M100 110h2M900 30h2`,                                // a gap
		`data-values="4 ms|–|12 ms"`, `Delay &lt;of&gt; all`, // escaped, and in words
		`p&#34;99, at most 12 ms at 0:03.`, `class="level"`, `limit 10 ms`, `class="mark"`, `class="span"`,
		`<text x="0%" y="14" text-anchor="start">0:00</text>`, `text-anchor="end">0:04`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
	if n := strings.Count(got, `class="level"`); n != 1 {
		t.Errorf("got %d levels, the far one must not press the lines flat", n)
	}
	wellFormed(t, got)
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
	}
}

func TestStacked(t *testing.T) {
	t.Parallel()
	c := &chart.Chart{
		X: []float64{0, 1}, Format: format, Stacked: true,
		Lines: []chart.Line{{Values: []float64{1, 2}}, {Values: []float64{3, 2}}},
	}
	got := string(c.HTML())
	for _, want := range []string{`d="M0 150L0 112.5L1000 75L1000 150Z"`, `d="M0 150L0 0L1000 0L1000 150Z"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing in\n%s", want, got)
		}
	}
}

func TestScaleIsRound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		highest float64
		want    []string
	}{
		{0, []string{"0", "0.5", "1"}}, {1, []string{"0", "0.5", "1"}}, {7, []string{"0", "2.5", "5", "7.5"}},
		{250, []string{"0", "100", "200", "300"}}, {5000, []string{"0", "2000", "4000", "6000"}},
	} {
		c := &chart.Chart{X: []float64{0}, Format: func(v float64) string { return fmt.Sprint(v) }, Lines: []chart.Line{{Values: []float64{test.highest}}}}
		var got []string
		for _, part := range strings.Split(string(c.HTML()), `text-anchor="end">`)[1:] {
			label, _, _ := strings.Cut(part, "<")
			got = append(got, label)
		}
		if d := cmp.Diff(got, test.want); d != "" {
			t.Errorf("%v (-got +want):\n%s", test.highest, d)
		}
	}
}

// FuzzHTML has values from a file that may come from anybody.
func FuzzHTML(f *testing.F) {
	f.Add(1.0, math.MaxFloat64, "a")
	f.Add(math.NaN(), -1.0, "<script>")
	f.Add(5e-324, math.Inf(1), "\x00")
	f.Fuzz(func(t *testing.T, a, b float64, name string) {
		c := &chart.Chart{
			ID: "x", Title: name, X: []float64{0, 1}, Times: []string{name}, Format: format, Lines: []chart.Line{{Name: name, Values: []float64{a, b}, Area: true}},
			Levels: []chart.Level{{Value: b, Label: name}},
		}
		if got := string(c.HTML()); strings.Contains(got, "<script") || len(got) > 100_000+20*len(name) {
			t.Fatal(got)
		}
	})
}
