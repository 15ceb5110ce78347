package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/policy"
	"github.com/authbench/authbench/internal/secret"
)

// ErrProjectExists refuses to create a project that is there.
var ErrProjectExists = errors.New("project exists already")

// Options configure an Emulator. The zero value is usable.
type Options struct {
	// Clock is the base of every project's own clock, which is the only source of
	// time for lifetimes and timestamps. It must be safe for concurrent use. Nil
	// means the system's clock.
	Clock func() time.Time
	// Seed decides the IDs of projects that are given none, and with its ID the
	// seed of each project whose policy has none.
	Seed uint64
	// UnreadLimit bounds the unread messages of a project; 0 means 262144.
	UnreadLimit int
	// SessionLimit bounds the open sessions of one user; 0 means 65536. A
	// sign-in beyond it is refused.
	SessionLimit int
}

// Emulator holds any number of projects that share nothing but the process.
// Its methods are safe for concurrent use.
type Emulator struct {
	base  func() time.Time // of the projects' clocks
	made  time.Time        // by base
	seed  uint64
	names nameCache

	unreadLimit, sessionLimit int

	creating sync.Mutex // held while a project is made, dropped or gets another key; guards the next
	unnamed  int        // projects that were asked for without an ID and a seed
	pool     keyPool
	lives    lives

	mu       sync.RWMutex // guards projects; taken after creating
	projects map[string]*project
}

// New returns an emulator without projects.
func New(o Options) *Emulator {
	base := o.Clock
	if base == nil {
		base = clock.System
	}
	return &Emulator{
		base:     base,
		made:     base(),
		seed:     o.Seed,
		projects: map[string]*project{},

		unreadLimit:  cmp.Or(o.UnreadLimit, defaultUnreadLimit),
		sessionLimit: cmp.Or(o.SessionLimit, defaultSessionLimit),
	}
}

// Project is what a client needs to know of a project.
type Project struct {
	ID string
	// Seed and ID decide all that is made up for the project. One that was given no seed
	// repeats nothing of those that had its ID before it in this emulator.
	Seed          uint64
	ManagementKey secret.String
	// AuthManagementKey may be added to the bearer of any call that is not a
	// management call, as clients do for projects without public access.
	AuthManagementKey secret.String
}

// Create makes a project with the ID and the keys that stand in want. What is empty there
// is made from the seed of the policy, or of the emulator if that has none; the Seed of
// want is not looked at. The policy must be valid; it is not changed afterwards.
func (e *Emulator) Create(want Project, p policy.Project) (Project, error) {
	return e.create(want.ID, want.ManagementKey, want.AuthManagementKey, p, nil)
}

// CreateProject is Create for whom any auth management key will do.
func (e *Emulator) CreateProject(id string, managementKey secret.String, p policy.Project) (Project, error) {
	return e.Create(Project{ID: id, ManagementKey: managementKey}, p)
}

// create makes a project, with a state one that goes on where another one stood.
func (e *Emulator) create(id string, managementKey, authKey secret.String, p policy.Project, state *projectState) (Project, error) {
	p = p.Complete()
	if problems := p.Validate(); len(problems) > 0 {
		errs := make([]error, len(problems))
		for i, problem := range problems {
			errs[i] = errors.New(problem.String())
		}
		return Project{}, fmt.Errorf("project policy: %w", errors.Join(errs...))
	}
	if id != "" && !validProjectID(id) {
		return Project{}, errors.New("project ID is not made of 1 to 64 letters, digits, - and _")
	}
	if err := cmp.Or(checkKey("management key", managementKey), checkKey("auth management key", authKey)); err != nil {
		return Project{}, err
	}

	e.creating.Lock()
	defer e.creating.Unlock()
	id, seed, life := e.identify(id, p.Seed)
	if state != nil {
		life = state.Life
	}
	p.Seed = &seed
	if _, taken := e.project(id); taken {
		return Project{}, fmt.Errorf("project %s: %w", id, ErrProjectExists)
	}
	lineage := lineageOf(id, life)
	random := newRandom(seed, "project/"+lineage)
	if managementKey.Empty() {
		managementKey = secret.New(random.text("K", 43))
	}
	if authKey.Empty() {
		authKey = secret.New(random.text("A", 43))
	}
	made := &project{
		id:            id,
		managementKey: managementKey,
		authKey:       authKey,
		clock:         clock.New(e.base),
		sessionLimit:  e.sessionLimit,
		inbox:         newInbox(e.unreadLimit),
		seed:          seed,
		life:          life,
		lineage:       lineage,
		holdings:      newHoldings(random),
	}
	made.settings.Store(newSettings(&p, nil))
	made.delivery = newDelivery(made.inbox, made.clock, p, newRandom(seed, deliveryUse))
	made.journal.room = p.Journal
	made.setFaults(p.Faults)
	var err error
	if state != nil {
		err = e.restore(made, state)
	} else {
		keys := []lazyKey{e.pool.take(made, p.SigningAlg, lineage)}
		made.keys.Store(&keyring{keys, keys})
		err = made.populate(made.clock.Now(), p.Users, made.testRules())
	}
	if err != nil {
		e.pool.release(made)
		return Project{}, fmt.Errorf("project %s: %w", id, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.projects[id] = made
	return Project{ID: id, Seed: seed, ManagementKey: managementKey, AuthManagementKey: authKey}, nil
}

// DropProject forgets a project with all it holds. Waiting readers of its
// inbox are told, and what it started has ended when it returns. It reports
// whether the project was there.
func (e *Emulator) DropProject(id string) bool {
	p, ok := e.forget(id)
	if ok {
		p.inbox.close()
		p.delivery.close()
	}
	return ok
}

// forget takes a project away; what it started goes on.
func (e *Emulator) forget(id string) (*project, bool) {
	e.creating.Lock()
	defer e.creating.Unlock()
	e.mu.Lock()
	defer e.mu.Unlock()
	p, ok := e.projects[id]
	if ok {
		delete(e.projects, id)
		e.pool.release(p)
		e.lives.end(id, p.life)
	}
	return p, ok
}

func (e *Emulator) project(id string) (*project, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	p, ok := e.projects[id]
	return p, ok
}
