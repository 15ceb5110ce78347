package pace_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/authbench/authbench/internal/pace"
)

func TestUsers(t *testing.T) {
	t.Parallel()
	const s = time.Second
	type change struct {
		At    time.Duration
		Count int
	}
	for name, c := range map[string]struct {
		stages []pace.UserStage
		want   []change // the first one is at 0
	}{
		"nobody":  {nil, []change{{0, 0}}},
		"a jump":  {[]pace.UserStage{{Count: 3}, {Count: 3, Over: 10 * s}}, []change{{0, 3}, {10 * s, 0}}},
		"a ramp":  {[]pace.UserStage{{Count: 2, Over: 4 * s}}, []change{{0, 0}, {s, 1}, {3 * s, 2}, {4 * s, 0}}},
		"a break": {[]pace.UserStage{{Count: 1}, {Count: 1, Over: s}, {Count: 0}, {Over: s}, {Count: 1}, {Count: 1, Over: s}}, []change{{0, 1}, {s, 0}, {2 * s, 1}, {3 * s, 0}}},
		"up and down": {
			[]pace.UserStage{{Count: 2, Over: 4 * s}, {Count: 0, Over: 4 * s}},
			[]change{{0, 0}, {s, 1}, {3 * s, 2}, {5*s + 1, 1}, {7*s + 1, 0}},
		},
		"the longest": {
			[]pace.UserStage{{Count: pace.MaxUsers}, {Count: pace.MaxUsers - 1, Over: pace.MaxDuration}},
			[]change{{0, pace.MaxUsers}, {pace.MaxDuration/2 + 1, pace.MaxUsers - 1}, {pace.MaxDuration, 0}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := pace.NewUsers(c.stages)
			if err != nil {
				t.Fatal(err)
			}
			got := []change{{0, u.Count(0)}}
			for at, ok := u.Next(0); ok; at, ok = u.Next(at) {
				got = append(got, change{at, u.Count(at)})
			}
			if d := cmp.Diff(got, c.want); d != "" {
				t.Errorf("(-got +want):\n%s", d)
			}
			most := 0
			for _, c := range c.want {
				most = max(most, c.Count)
			}
			if got := u.Most(); got != most {
				t.Errorf("most: got %d, want %d", got, most)
			}
		})
	}
}

func TestUsersRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stages []pace.UserStage
		want   string
	}{
		"negative": {[]pace.UserStage{{Count: -1}}, "stage 1: -1 users are less than none"},
		"too many": {[]pace.UserStage{{}, {Count: pace.MaxUsers + 1}}, "stage 2: 1000001 users are above 1000000"},
		"back":     {[]pace.UserStage{{Over: -1}}, "stage 1: duration -1ns is negative"},
		"too long": {[]pace.UserStage{{Over: 1}, {Over: math.MaxInt64}}, "stage 2: the schedule lasts longer than 8784h0m0s"},
	} {
		if _, err := pace.NewUsers(c.stages); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}
