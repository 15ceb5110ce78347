package target

import (
	"context"
	"fmt"

	"github.com/authbench/authbench/internal/capture"
	source "github.com/authbench/authbench/internal/capture/emulator"
	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
)

// inbox opens a message source and sees that it answers.
func (o *opener) inbox(ctx context.Context, in *plan.Inbox) error {
	if in.Provider == nil {
		return nil
	}
	h := o.homes[in.Provider]
	a := h.admin
	if in.URL != "" {
		a = admin{url: in.URL, token: in.Token}
	}
	if a.url == "" {
		o.diags = append(o.diags, in.Source.Error("Inbox can not be opened", noInbox(in, h.kind))...)
		return nil
	}
	c, err := client.New(client.Options{UserAgent: o.opts.UserAgent})
	if err != nil {
		return err
	}
	src, err := source.New(source.Options{URL: a.url, Token: a.token, Project: in.Provider.Args.String("project_id"), Client: c})
	if err != nil {
		return fmt.Errorf("inbox %s: %w", in.Name, err)
	}
	o.onClose(func() error { err := src.Close(); c.Close(); return err })
	ctx, cancel := context.WithTimeout(ctx, client.DefaultConnectTimeout)
	defer cancel()
	if _, err := src.Mark(ctx, capture.Send{}); err != nil {
		return &Unreachable{What: fmt.Sprintf("inbox %q", in.Name), Err: err}
	}
	o.Environment.Inboxes[in] = src
	return nil
}

func noInbox(in *plan.Inbox, kind result.TargetKind) string {
	if kind == result.Live {
		return fmt.Sprintf("Inbox %q reads the messages of an emulator, and its provider's target is live. Run scenarios that need no message, or another target.", in.Name)
	}
	return fmt.Sprintf("Inbox %q reads an emulator that runs alone, and its admin listener is not known. Give --target-admin and AUTHBENCH_ADMIN_TOKEN, or url and token in the inbox.", in.Name)
}
