package target

import (
	"context"
	"fmt"
	"net/url"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/steps"
)

// steer gives steps that steer an emulator the way to it, or says why there is none.
func (o *opener) steer(p *plan.Provider, by []*plan.Step) {
	if len(by) == 0 {
		return
	}
	h := o.homes[p]
	if h.kind != result.Emulator || h.admin.url == "" {
		o.diags = append(o.diags, unsteered(by, p, h.kind)...)
		return
	}
	o.Environment.Controls[p] = h.admin.control(o.Environment.HTTP, p.Args.String("project_id"))
}

// control speaks about one project.
func (a admin) control(c client.Client, project string) steps.Control {
	base, bearer := a.url+"/_ab/projects/"+url.PathEscape(project)+"/", "Bearer "+a.token.Reveal()
	return func(ctx context.Context, method, path string, body []byte) (*client.Response, error) {
		req := &client.Request{Method: method, URL: base + path, Body: body, Header: client.Header{{Name: "Authorization", Value: bearer}}}
		if body != nil {
			req.Header.Add("Content-Type", "application/json")
		}
		return c.Do(ctx, req)
	}
}

// unsteered reports steps that steer an emulator where there is none that they can reach.
func unsteered(by []*plan.Step, p *plan.Provider, kind result.TargetKind) diag.List {
	var diags diag.List
	for _, st := range by {
		summary, detail := "Step needs an emulator", fmt.Sprintf(
			"A step of kind %q steers an emulator, and the target of provider %q is live. Leave its scenario out with --run or --tags, or run it with --target emulator.",
			st.Kind.Name, displayName(p))
		if kind == result.Emulator {
			summary, detail = "Emulator can not be steered", fmt.Sprintf(
				"A step of kind %q steers the emulator, which runs alone, and its admin listener is not known. Name it with --target-admin and AUTHBENCH_ADMIN_TOKEN.",
				st.Kind.Name)
		}
		diags = append(diags, st.Source.Error(summary, detail)...)
	}
	return diags
}
