package target

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/eval"
	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/secret"
)

// emulatorProcess is an emulator on two listeners.
type emulatorProcess struct {
	emulator *emulator.Emulator
	baseURL  string
	admin    admin
	servers  []*http.Server
}

// startEmulator serves an emulator on two loopback ports of its own.
func startEmulator(seed uint64) (*emulatorProcess, error) {
	p := &emulatorProcess{emulator: emulator.New(emulator.Options{Seed: seed})}
	token := secret.New(randomText(32))
	api, err := p.listen(p.emulator.Handler())
	if err != nil {
		return nil, err
	}
	adm, err := p.listen(p.emulator.Admin(token))
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	p.baseURL = "http://" + api.String()
	p.admin = admin{url: "http://" + adm.String(), token: token}
	return p, nil
}

func (p *emulatorProcess) listen(h http.Handler) (net.Addr, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	srv := Server(h)
	p.servers = append(p.servers, srv)
	go func() { _ = srv.Serve(l) }() // ends when the server is closed
	return l.Addr(), nil
}

func (p *emulatorProcess) stop() error {
	p.emulator.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var errs []error
	for _, srv := range p.servers {
		if err := srv.Shutdown(ctx); err != nil {
			errs = append(errs, srv.Close())
		}
	}
	return errors.Join(errs...)
}

// inProcess makes a project in the plan's own emulator, which is started for the
// first one. A second provider is a second project of the same emulator.
func (o *opener) inProcess(p *plan.Provider) error {
	if o.local == nil {
		local, err := startEmulator(o.opts.Seed)
		if err != nil {
			return err
		}
		o.local = local
		o.onClose(local.stop)
	}
	made, err := o.local.emulator.CreateProject(p.Args.String("project_id"), secret.New(p.Args.String("management_key")), p.Emulator)
	if err != nil {
		o.diags = append(o.diags, p.Source.Error("Emulated project can not be made", sentence(err))...)
		return nil
	}
	p.Args.Set("base_url", eval.Text(o.local.baseURL))
	p.Args.Set("project_id", eval.Text(made.ID))
	p.Args.Set("management_key", eval.Text(made.ManagementKey.Reveal()))
	o.homes[p] = home{admin: o.local.admin}
	return nil
}

// sentence makes an error readable as the detail of a diagnostic.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
