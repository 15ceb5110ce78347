package emulator

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/secret"
)

// project is one emulated project.
type project struct {
	id            string
	managementKey secret.String
	authKey       secret.String
	settings      atomic.Pointer[settings] // stored with mu held
	clock         *clock.Clock
	sessionLimit  int // for each user
	keys          atomic.Pointer[keyring]
	generation    int       // of the key that signs, from 0; guarded by the emulator's creating
	marks         []keyMark // of the RSA keys that the pool holds for it, the oldest first; guarded likewise
	delivery      *delivery // has its own lock, taken after mu
	inbox         *inbox    // has its own lock, taken after delivery's
	faults        atomic.Pointer[faultSet]
	changing      sync.Mutex // held while faults are replaced
	journal       journal

	seed uint64 // decides faults and deliveries, and with the lineage all else that is made up
	// life counts from 1 the resets, and the projects of the ID before that this one must
	// not repeat; lineage is the ID and the life. The emulator's creating guards both, and
	// changing as well.
	life    uint64
	lineage string

	mu sync.Mutex // guards all below
	holdings
}

// holdings is what a project has come to hold, and what a reset replaces as a whole.
type holdings struct {
	random   *random
	users    *directory
	links    map[linkKey]*link
	sessions map[string]*session
	issued   map[issuedKey]*session // by the newest refresh JWT of each
	awaited  map[refKey]*pendingSession
	redeemed map[linkKey]*redemption // as far as the policy asks for it
	audits   auditTrail
	expiry   deadlines

	verifications verificationCounts
}

func newHoldings(r *random) holdings {
	return holdings{
		random:   r,
		users:    newDirectory(),
		links:    map[linkKey]*link{},
		sessions: map[string]*session{},
		issued:   map[issuedKey]*session{},
		awaited:  map[refKey]*pendingSession{},
		redeemed: map[linkKey]*redemption{},
	}
}

// locked runs one step of the protocol: f sees the state of one instant, with
// everything expired removed, and nobody sees it half changed.
func (p *project) locked(f func(now time.Time) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	p.expiry.sweep(p, now)
	return f(now)
}
