package runner

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// budgetError ends the time of a section. It tells a section that took too long
// from a run that was interrupted.
type budgetError struct {
	what string
	d    time.Duration
}

func (e *budgetError) Error() string { return fmt.Sprintf("%s of %s is used up", e.what, e.d) }

// withBudget bounds a section; 0 is no bound.
func withBudget(ctx context.Context, what string, d time.Duration) (context.Context, context.CancelFunc) {
	if d <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, d, &budgetError{what: what, d: d})
}

// spent gives the budget that is used up, or nil.
func spent(ctx context.Context) error {
	var b *budgetError
	if ctx.Err() != nil && errors.As(context.Cause(ctx), &b) {
		return b
	}
	return nil
}

// interrupted reports whether the run was stopped.
func interrupted(ctx context.Context) bool { return ctx.Err() != nil && spent(ctx) == nil }
