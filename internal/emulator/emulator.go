package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
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
	// Seed decides project IDs, management keys, user IDs, tokens and codes. A
	// project depends on its ID and on how many had the ID before, on nothing
	// else of the emulator.
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
	created  uint64     // projects ever created, numbers the generated IDs
	pool     keyPool
	lives    map[string]uint64 // projects ever created under an ID

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
		lives:    map[string]uint64{},

		unreadLimit:  cmp.Or(o.UnreadLimit, defaultUnreadLimit),
		sessionLimit: cmp.Or(o.SessionLimit, defaultSessionLimit),
	}
}

// Project is what a client needs to know of a project.
type Project struct {
	ID            string
	ManagementKey secret.String
	// AuthManagementKey may be added to the bearer of any call that is not a
	// management call, as clients do for projects without public access.
	AuthManagementKey secret.String
}

// Create makes a project with the ID and the keys that stand in want. What is empty there
// is made from the seed. The policy must be valid.
func (e *Emulator) Create(want Project, p policy.Project) (Project, error) {
	return e.create(want.ID, want.ManagementKey, want.AuthManagementKey, p, nil)
}

// CreateProject is Create for whom any auth management key will do.
func (e *Emulator) CreateProject(id string, managementKey secret.String, p policy.Project) (Project, error) {
	return e.Create(Project{ID: id, ManagementKey: managementKey}, p)
}

// create makes a project, with a state one that goes on where another one stood.
func (e *Emulator) create(id string, managementKey, authKey secret.String, p policy.Project, state *projectState) (Project, error) {
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
	if id == "" {
		id = e.freeID()
	}
	if _, taken := e.project(id); taken {
		return Project{}, fmt.Errorf("project %s: %w", id, ErrProjectExists)
	}
	life, seed := e.lives[id]+1, e.seed
	if state != nil {
		life, seed = max(life, state.Life), state.Seed
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
	made.delivery = newDelivery(made.inbox, made.clock, p, newRandom(seed, "delivery/"+lineage))
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
	e.created++
	e.lives[id] = life
	e.projects[id] = made
	return Project{ID: id, ManagementKey: managementKey, AuthManagementKey: authKey}, nil
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
	}
	return p, ok
}

func (e *Emulator) project(id string) (*project, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	p, ok := e.projects[id]
	return p, ok
}

// freeID makes the ID of the next project. 28 characters, because a longer ID
// makes SDKs look for a region in it and a shorter one fails their checks.
func (e *Emulator) freeID() string {
	for n := e.created; ; n++ {
		id := newRandom(e.seed, fmt.Sprintf("id/%d", n)).text("P", 27)
		if _, taken := e.project(id); !taken {
			return id
		}
	}
}

func validProjectID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, r := range id {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// checkKey refuses a key that no bearer can hold. An empty one is fine.
func checkKey(name string, key secret.String) error {
	text := key.Reveal()
	if len(text) > 512 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == ':' || r == 0x7f }) {
		return fmt.Errorf("%s is longer than 512 bytes or holds a colon, a space or a control character", name)
	}
	return nil
}
