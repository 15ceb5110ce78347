package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/target"
)

// approved shows what will be sent, and asks before a live target is loaded.
func (a *app) approved(ctx context.Context, p *plan.Plan, profile *plan.Load, session *target.Session, o loadOptions) (Code, error) {
	live := false
	for _, t := range session.Targets {
		live = live || t.Kind == result.Live
	}
	if !live {
		return Good, nil
	}
	options := plan.TextOptions{Width: a.ErrWidth, Color: a.color(a.ErrWidth, a.noColor), Run: true}
	if err := plan.WriteText(a.Err, []*plan.Plan{p}, options); err != nil {
		return Failed, err
	}
	for _, t := range session.Targets {
		_, _ = fmt.Fprintf(a.Err, "\nThis goes to %s, project %s, which is %s.\n", t.BaseURL, t.ProjectID, t.Kind)
	}
	if o.autoApprove {
		return Good, nil
	}
	_, _ = fmt.Fprintf(a.Err, "\nDo you want to load it?\n  Only \"yes\" will be accepted: ")
	answer := make(chan string, 1)
	go func() {
		// It ends with the process when nobody answers.
		line, _ := bufio.NewReader(a.In).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case text := <-answer:
		if text == "yes" {
			return Good, nil
		}
		_, _ = fmt.Fprintln(a.Err)
		return Wrong, &failure{
			code: Wrong, err: fmt.Errorf("load %s was not approved, nothing was sent", profile.Name),
			hint: "answer yes, or give --auto-approve where nobody can be asked",
		}
	case <-ctx.Done():
		_, _ = fmt.Fprintln(a.Err)
		return Interrupted, nil
	}
}
