package target

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/url"

	"github.com/authbench/authbench/internal/client"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/secret"
)

// remote opens a target that is not in this process: it asks what it is, then makes
// a project in an emulator, or checks that a live one may be used.
func (o *opener) remote(ctx context.Context, p *plan.Provider, c client.Client) (result.TargetKind, error) {
	emulator, err := o.probe(ctx, p, c)
	if err != nil {
		return "", err
	}
	if emulator && plan.Loopback(p.BaseURL) {
		return result.Emulator, o.standalone(ctx, p)
	}
	for _, text := range p.FillFromEnv(o.opts.LookupEnv) {
		o.plan.Secrets = append(o.plan.Secrets, secret.New(text))
	}
	o.checkLive(p)
	return result.Live, nil
}

func (o *opener) probe(ctx context.Context, p *plan.Provider, c client.Client) (bool, error) {
	args := p.Args.Clone()
	if !p.Args.Has("project_id") {
		args.Set("project_id", eval.Text("P"))
	}
	conn, err := p.Kind.Connect(c, args)
	if err != nil {
		return false, fmt.Errorf("provider %s: %w", p.Name, err)
	}
	// A target whose first request is not answered in the time that connecting may
	// take counts as unreachable.
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(p.HTTP.ConnectTimeout, client.DefaultConnectTimeout))
	defer cancel()
	emulator, err := p.Kind.Probe(ctx, conn)
	if err != nil {
		return false, &Unreachable{What: "target " + address(p.BaseURL), Err: err}
	}
	return emulator, nil
}

func address(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return base
	}
	return u.Scheme + "://" + u.Host
}

// checkLive refuses a live target that lacks credentials or limits.
func (o *opener) checkLive(p *plan.Provider) {
	for i := range p.Kind.Args {
		a := &p.Kind.Args[i]
		if a.Required && !p.Args.Has(a.Name) {
			detail := fmt.Sprintf("Provider %q needs %s for a live target.", p.Name, a.Name)
			if len(a.Env) > 0 {
				detail += fmt.Sprintf(" Give it in the file, or set %s.", a.Env[0])
			}
			o.diags = append(o.diags, p.Source.Error("Missing required argument", detail)...)
		}
	}
	if !p.Bounded() {
		o.diags = append(o.diags, p.Source.Error("Missing limits", fmt.Sprintf(
			"The target of provider %q is live, and nothing says how much it may be asked. Write limits { requests_per_second = 1 }, with a value that is not null for this target.", p.Name))...)
	}
}

// standalone uses an emulator of another process. A project that the file does not
// name, or that is not there, is made for the run and dropped after it.
func (o *opener) standalone(ctx context.Context, p *plan.Provider) error {
	a, err := o.adminOf(p.BaseURL)
	if err != nil {
		return err
	}
	o.homes[p] = home{admin: a}
	if a.url == "" {
		return o.existingProject(p)
	}
	c, err := client.New(client.Options{UserAgent: o.opts.UserAgent})
	if err != nil {
		return err
	}
	o.onClose(func() error { c.Close(); return nil })
	id, made, err := a.projectFor(ctx, c, p)
	switch {
	case errors.Is(err, errProjectExists):
		return o.existingProject(p)
	case err != nil:
		return err
	}
	o.onClose(func() error { return a.dropProject(c, id) })
	p.Args.Set("base_url", eval.Text(p.BaseURL))
	p.Args.Set("project_id", eval.Text(id))
	p.Args.Set("management_key", eval.Text(made))
	return nil
}

// existingProject uses a project as it stands, with the key that the file gives.
func (o *opener) existingProject(p *plan.Provider) error {
	if p.Args.Has("project_id") && p.Args.Has("management_key") {
		p.Args.Set("base_url", eval.Text(p.BaseURL))
		return nil
	}
	o.diags = append(o.diags, p.Source.Error("Emulated project not known", fmt.Sprintf(
		"The emulator at %s runs alone. Give provider %q the project_id and the management_key that it printed, or name its admin listener with --target-admin and AUTHBENCH_ADMIN_TOKEN, and a project is made for the run.",
		address(p.BaseURL), p.Name))...)
	return nil
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// randomText is not repeatable: it names things of this process alone.
func randomText(n int) string {
	out := make([]byte, n)
	for i := range out {
		k, _ := rand.Int(rand.Reader, big.NewInt(int64(len(letters)))) // never fails since Go 1.24
		out[i] = letters[k.Int64()]
	}
	return string(out)
}
