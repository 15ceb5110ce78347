package report_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/report"
	"github.com/authbench/authbench/internal/stats"
)

// opened is a run at wall, in whose last second started iterations started so far.
func opened(wall time.Duration, started uint64) *stats.Load {
	l := calm()
	last := l.Seconds[len(l.Seconds)-1]
	l.Wall = wall
	l.Seconds = append(l.Seconds, stats.Second{
		Offset: last.Offset + last.Length, Length: 1, Wanted: 20, Started: started,
		Ended: stats.Counts{Success: started}, InFlight: 3,
	})
	return l
}

// TestLiveChartsEndWithTheLastClosedSecond: a second that has just begun would be drawn
// as a fall to nothing.
func TestLiveChartsEndWithTheLastClosedSecond(t *testing.T) {
	t.Parallel()
	l := opened(60*time.Second+20*time.Millisecond, 0)
	got, err := report.LiveState(l, false)
	if err != nil {
		t.Fatal(err)
	}
	l.Seconds = l.Seconds[:len(l.Seconds)-1]
	want, err := report.LiveState(l, false)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(got), string(want)); d != "" {
		t.Errorf("the open second is drawn (-got +want):\n%s", d)
	}
}

func lastStarted(t *testing.T, l *stats.Load) string {
	t.Helper()
	line := regexp.MustCompile(`data-values="([^"]*)"[^>]*>(?:<[^>]*>)*started`).FindStringSubmatch(page(t, l))
	if line == nil {
		t.Fatal("the page draws no rate")
	}
	values := strings.Split(line[1], "|")
	return values[len(values)-1]
}

// TestLastPartOfASecond is drawn as the rate that it had, not as what fits a whole one.
func TestLastPartOfASecond(t *testing.T) {
	t.Parallel()
	if got, want := lastStarted(t, opened(60*time.Second+800*time.Millisecond, 16)), "20/s"; got != want {
		t.Errorf("four fifths of a second: got %s, want %s", got, want)
	}
	l := opened(60*time.Second+100*time.Millisecond, 3)
	l.Seconds[len(l.Seconds)-2].Started = 19
	if got, want := lastStarted(t, l), "20/s"; got != want {
		t.Errorf("a tenth goes with the second before: got %s, want %s", got, want)
	}
}

// TestWantedAndAchievedAreOfTheSameSeconds: a run on its pace reads the same twice while
// the rate rises.
func TestWantedAndAchievedAreOfTheSameSeconds(t *testing.T) {
	t.Parallel()
	l := calm()
	l.Wall = 20*time.Second + 30*time.Millisecond
	l.Seconds = nil
	for i := range 21 {
		rate := uint64(10 * i)
		l.Seconds = append(l.Seconds, stats.Second{Offset: i, Length: 1, Wanted: float64(rate), Started: rate, InFlight: i})
	}
	l.Seconds[20].Started, l.Seconds[20].InFlight = 1, 0
	if got, want := report.Progress(l), ": 145/s of 145/s, 19 in flight,"; !strings.Contains(got, want) {
		t.Errorf("the line %q lacks %q", got, want)
	}
	got := strings.Join(report.Screen(l, report.ScreenOptions{Width: 120, Height: 40}), "\n")
	if want := fmt.Sprintf("%s wanted, %s achieved", "145/s", "145/s"); !strings.Contains(got, want) {
		t.Errorf("the screen lacks %q:\n%s", want, got)
	}
}

// TestProgressOfAClosedProfile has no rate that is wanted: the target decides.
func TestProgressOfAClosedProfile(t *testing.T) {
	t.Parallel()
	l := calm()
	l.Profile.Open = false
	for i := range l.Seconds {
		l.Seconds[i].Wanted = 0
	}
	if got := report.Progress(l); strings.Contains(got, "/s of ") || !strings.Contains(got, "/s, ") {
		t.Errorf("the line is %q", got)
	}
}

// TestSmallScreen shows what is broken and how to end the run, and fits.
func TestSmallScreen(t *testing.T) {
	t.Parallel()
	l := evening()
	slices.Reverse(l.Thresholds)
	for height := 4; height <= 40; height++ {
		for _, width := range []int{20, 40, 80} {
			lines := report.Screen(l, report.ScreenOptions{Width: width, Height: height, Keys: "q stop"})
			if len(lines) > height-1 {
				t.Fatalf("%d lines in %d", len(lines), height)
			}
			if lines[len(lines)-1] != "q stop" || !strings.Contains(strings.Join(lines, "\n"), "✗") {
				t.Errorf("%dx%d hides what matters:\n%s", width, height, strings.Join(lines, "\n"))
			}
		}
	}
	all := strings.Join(report.Screen(l, report.ScreenOptions{Width: 80, Height: 40}), "\n")
	if strings.LastIndex(all, "✗") > strings.Index(all, "·  voice") {
		t.Errorf("what is broken does not come first:\n%s", all)
	}
}

// TestLongNamesLeaveTheNumbers has names that fill a narrow screen: they give way.
func TestLongNamesLeaveTheNumbers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a_name_that_goes_on_", 4)
	l, short := evening(), evening()
	for i := range l.Series {
		l.Series[i].Scenario += long
		if l.Series[i].Step != "" {
			l.Series[i].Step += long
		}
	}
	for i := range l.Thresholds {
		l.Thresholds[i].Name += long
	}
	want := report.Screen(short, report.ScreenOptions{Width: 200, Height: 60})
	for _, width := range []int{50, 60, 80, 120} {
		got := report.Screen(l, report.ScreenOptions{Width: width, Height: 60})
		if len(got) != len(want) {
			t.Fatalf("%d lines instead of %d", len(got), len(want))
		}
		all := strings.Join(got, "\n")
		for i, line := range want {
			if !strings.Contains(line, " ms ") && !strings.Contains(line, "p99") {
				continue
			}
			line, _, _ = strings.Cut(line, " bad")
			line = strings.TrimRight(line, "0123456789") // the note goes before a name does
			for _, number := range regexp.MustCompile(`  (count|p\d\d|max|[\d.,]+( ms| s)?)\b`).FindAllString(line, -1) {
				if !strings.Contains(got[i], strings.TrimSpace(number)) {
					t.Errorf("%d columns: %q lacks %s:\n%s", width, got[i], number, all)
				}
			}
		}
		if !strings.Contains(all, "…") {
			t.Errorf("%d columns: no name is cut", width)
		}
	}
}

// TestLiveTellsOnlyChanges has a region for those who listen to the page. It stands
// outside of what each state replaces, and holds no number that grows.
func TestLiveTellsOnlyChanges(t *testing.T) {
	t.Parallel()
	l := calm()
	var b strings.Builder
	if err := report.Live(&b, l); err != nil {
		t.Fatal(err)
	}
	before, _, _ := strings.Cut(b.String(), "<main>")
	if !strings.Contains(before, `<p id="told" class="told" role="status" aria-live="polite">`) {
		t.Error("the page has no region that tells")
	}
	told := func(change func(*stats.Load), over bool) string {
		l := calm()
		change(l)
		state, err := report.LiveState(l, over)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`<header data-told="([^"]*)">`).FindSubmatch(state)
		if m == nil {
			t.Fatal("the state tells nothing")
		}
		return string(m[1])
	}
	early, late := told(func(l *stats.Load) { l.Wall = time.Second }, false), told(func(*stats.Load) {}, false)
	if early != "Running" || late != early {
		t.Errorf("the text changes with the time: %q, %q", early, late)
	}
	broken := func(l *stats.Load) { l.Verdict, l.Thresholds[0].Verdict = stats.Failed, stats.Failed }
	if got, want := told(broken, false), "Running, threshold verify_p95 is broken"; got != want {
		t.Errorf("broken: got %q, want %q", got, want)
	}
	if got := told(func(*stats.Load) {}, true); got != "Success" {
		t.Errorf("over: got %q", got)
	}
}
