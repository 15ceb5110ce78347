package cli

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/authbench/authbench/internal/emulator"
	"github.com/authbench/authbench/internal/emulator/desk"
	"github.com/authbench/authbench/internal/lang"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
	"github.com/authbench/authbench/internal/target"
)

type emulateOptions struct {
	listen, adminListen string
	token, project      string
	key, authKey        string
	config, state       string
	seed                uint64
	seeded              bool
	open                bool
	json                bool
}

func (a *app) emulateCommand() *cobra.Command {
	var o emulateOptions
	cmd := &cobra.Command{
		Use:   "emulate",
		Short: "Run the emulator alone",
		Long: `Serves the emulated API until it is told to stop. One line on standard output says
that it is ready, with its addresses, the project and the keys. The last address is of a
page with the messages, the users, the requests, the clock and the faults; its link holds
the token. Messages can be read on the admin listener, too:

  GET /_ab/projects/PROJECT/messages?recipient=&after=&wait=

Other commands of the same user find the admin listener by themselves:

  authbench test flow.hcl --target http://127.0.0.1:8787`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.seeded = cmd.Flags().Changed("seed")
			return a.runEmulate(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:8787", "`address` of the API")
	f.StringVar(&o.adminListen, "admin-listen", "127.0.0.1:8788", "`address` of the admin API")
	f.StringVar(&o.token, "admin-token", "", "`token` of the admin API (default AUTHBENCH_ADMIN_TOKEN, else made up and printed)")
	f.StringVar(&o.project, "project", "", "`id` of the project (default made up and printed)")
	f.StringVar(&o.key, "management-key", "", "management `key` of the project (default made up and printed)")
	f.StringVar(&o.authKey, "auth-management-key", "", "auth management `key` of the project, which bearers of other calls may add (default made up and printed)")
	f.StringVar(&o.config, "config", "", "`file` with an emulator block")
	f.StringVar(&o.state, "state", "", "`directory` of the user's state (default $XDG_STATE_HOME/authbench)")
	f.Uint64Var(&o.seed, "seed", 0, "`number` up to 2^53 that decides what is made up (default drawn)")
	f.BoolVar(&o.open, "insecure-listen", false, "allow addresses that other machines can reach")
	f.BoolVar(&o.json, "json", false, "print the ready line as JSON")
	return cmd
}

func (a *app) runEmulate(ctx context.Context, o emulateOptions) error {
	pol := policy.Default()
	if o.config != "" {
		loaded, diags, err := lang.LoadPolicy(o.config)
		if err != nil {
			return &failure{code: Wrong, err: err}
		}
		if err := a.report(diags, false); err != nil {
			return err
		}
		if diags.HasErrors() {
			return exit(Wrong)
		}
		pol = loaded
		if pol.Seed != nil && !o.seeded {
			o.seed, o.seeded = *pol.Seed, true
		}
	}
	if !o.seeded {
		o.seed = randomSeed()
	}
	pol.Seed = &o.seed
	em := emulator.New(emulator.Options{Seed: o.seed})
	defer em.Close()
	defer context.AfterFunc(ctx, em.Close)() // servers that stop wait for readers
	project, err := em.Create(emulator.Project{ID: o.project, ManagementKey: secret.New(o.key), AuthManagementKey: secret.New(o.authKey)}, pol)
	if err != nil {
		return &failure{code: Wrong, err: err}
	}
	token := secret.New(firstOf(o.token, a.env("AUTHBENCH_ADMIN_TOKEN"), rand.Text()))
	const why = "an emulator trusts everybody who knows its keys, and they are no secrets"
	api, err := listenOn("--listen", o.listen, o.open, why)
	if err != nil {
		return &failure{code: Wrong, err: err}
	}
	adm, err := listenOn("--admin-listen", o.adminListen, o.open, why)
	if err != nil {
		return errors.Join(&failure{code: Wrong, err: err}, api.Close())
	}
	ready := readyLine{
		FormatVersion: "1.0", BaseURL: "http://" + nearby(api.Addr()), AdminURL: "http://" + nearby(adm.Addr()),
		ProjectID: project.ID, ManagementKey: project.ManagementKey.Reveal(), AuthManagementKey: project.AuthManagementKey.Reveal(),
		AdminToken: token.Reveal(), Seed: o.seed,
	}
	ready.Page = desk.Address(ready.AdminURL, token, project.ID)
	remove, err := target.Register(a.stateDir(o.state), target.Registration{BaseURL: ready.BaseURL, AdminURL: ready.AdminURL, Token: token})
	if err != nil {
		a.log.Warn("other commands will not find the admin listener by themselves", "error", err)
		remove = func() error { return nil }
	}
	return errors.Join(a.serveEmulator(ctx, ready, o.json, map[net.Listener]http.Handler{api: em.Handler(), adm: em.Admin(token)}), ignoreAbsent(remove()))
}

// serveEmulator serves until ctx ends. The ready line is printed when both listeners
// take connections.
func (a *app) serveEmulator(ctx context.Context, ready readyLine, asJSON bool, handlers map[net.Listener]http.Handler) error {
	ended := make(chan error, len(handlers))
	var servers []*http.Server
	for l, h := range handlers {
		srv := target.Server(h)
		servers = append(servers, srv)
		go func() { ended <- srv.Serve(l) }()
	}
	if err := ready.print(a, asJSON); err != nil {
		return err
	}
	var failed error
	waiting := len(servers)
	select {
	case <-ctx.Done():
	case failed = <-ended:
		waiting--
	}
	stop, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for _, srv := range servers {
		if err := srv.Shutdown(stop); err != nil {
			_ = srv.Close()
		}
	}
	for range waiting {
		<-ended //nolint:errcheck // closed by us
	}
	if failed != nil && !errors.Is(failed, http.ErrServerClosed) {
		return &failure{code: Unjudged, err: fmt.Errorf("emulator: %w", failed)}
	}
	return nil
}

// readyLine says that the emulator is ready. Its keys are meant to be read: they are
// made for whoever started it.
type readyLine struct {
	FormatVersion     string `json:"format_version"`
	BaseURL           string `json:"base_url"`
	AdminURL          string `json:"admin_url"`
	ProjectID         string `json:"project_id"`
	ManagementKey     string `json:"management_key"`
	AuthManagementKey string `json:"auth_management_key"`
	AdminToken        string `json:"admin_token"`
	Seed              uint64 `json:"seed"`
	Page              string `json:"page"`
}

func (r readyLine) print(a *app, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(a.Out)
		e.SetEscapeHTML(false) // the address of the page is to be read by people, too
		return e.Encode(r)
	}
	_, err := fmt.Fprintf(a.Out, "ready base_url=%s admin_url=%s project_id=%s management_key=%s auth_management_key=%s admin_token=%s seed=%d page=%s\n",
		r.BaseURL, r.AdminURL, r.ProjectID, r.ManagementKey, r.AuthManagementKey, r.AdminToken, r.Seed, r.Page)
	return err
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// randomSeed draws a seed that is short enough to be typed again.
func randomSeed() uint64 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return uint64(binary.LittleEndian.Uint32(b[:]))
}

func ignoreAbsent(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
