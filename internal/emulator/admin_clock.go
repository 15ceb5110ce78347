package emulator

import (
	"net/http"
	"time"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/policy"
)

// clockRequest moves the clock of a project, in one moment and in the order of the
// fields; see [clock.Move].
type clockRequest struct {
	Freeze  bool             `json:"freeze"`
	Set     *time.Time       `json:"set"`
	Advance policy.Duration  `json:"advance"`
	Skew    *policy.Duration `json:"skew"`
	Resume  bool             `json:"resume"`
}

// clockState is the clock of a project; see [clock.State].
type clockState struct {
	FormatVersion int             `json:"format_version"`
	Now           time.Time       `json:"now"`
	Frozen        bool            `json:"frozen"`
	Ahead         policy.Duration `json:"ahead"`
	Skew          policy.Duration `json:"skew"`
}

func (a admin) showClock(w http.ResponseWriter, _ *http.Request, p *project) {
	answerClock(w, p.clock.State())
}

// moveClock tells the new state. A body that moves nothing is an error: whoever sent
// it meant something.
func (a admin) moveClock(w http.ResponseWriter, r *http.Request, p *project) {
	var in clockRequest
	if !readDocument(w, r, maxBody, &in) {
		return
	}
	if in == (clockRequest{}) {
		adminError(w, http.StatusBadRequest, "body: none of freeze, set, advance, skew and resume moves the clock")
		return
	}
	state, err := p.clock.Move(clock.Move{
		Freeze: in.Freeze, Set: in.Set, Advance: in.Advance.Std(), Skew: (*time.Duration)(in.Skew), Resume: in.Resume,
	})
	if err != nil {
		adminError(w, http.StatusBadRequest, err.Error())
		return
	}
	answerClock(w, state)
}

func answerClock(w http.ResponseWriter, s clock.State) {
	answer(w, http.StatusOK, clockState{
		AdminVersion, s.Now.UTC(), s.Frozen, policy.Duration(s.Ahead), policy.Duration(s.Skew),
	})
}
