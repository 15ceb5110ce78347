package emulator

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/authbench/authbench/internal/clock"
	"github.com/authbench/authbench/internal/policy"
)

var errForeignState = errors.New("state: it belongs to another project ID")

// restore puts a fresh project where another one stood, and holds its keys for it.
func (e *Emulator) restore(p *project, s *projectState) error {
	if err := p.restore(s); err != nil {
		return err
	}
	ring := p.keys.Load()
	for _, key := range slices.Backward(slices.Concat(ring.keys, ring.previous)) {
		k, err := key()
		if err != nil {
			return err
		}
		if mark, ok := markOf(k); ok && e.pool.held[mark] != p {
			e.pool.hold(p, mark)
		}
	}
	return nil
}

// restore puts a fresh project where another one stood. With an error the project is of
// no use. Nobody else knows it yet.
func (p *project) restore(s *projectState) error {
	if s.ProjectID != p.id {
		return errForeignState
	}
	p.generation = s.Keys.Generation
	if err := p.clock.Restore(clock.State{Now: s.Clock.Now, Frozen: s.Clock.Frozen, Skew: s.Clock.Skew.Std()}); err != nil {
		return fmt.Errorf("state: clock: %w", err)
	}
	ring := &keyring{}
	var err error
	if ring.keys, err = importKeys(s.Keys.Keys); err != nil {
		return err
	}
	if ring.previous, err = importKeys(s.Keys.Previous); err != nil {
		return err
	}
	if n, old := len(ring.keys), len(ring.previous); n == 0 || max(n, old) > maxGenerations {
		return fmt.Errorf("state: there are %d keys and %d previous ones, not 1 to %d", n, old, maxGenerations)
	}
	p.keys.Store(ring)
	if err := p.random.source.UnmarshalBinary(s.Random); err != nil {
		return fmt.Errorf("state: random: %w", err)
	}
	people, err := p.importUsers(s)
	if err != nil {
		return err
	}
	p.verifications = importVerifications(s.Verifications)
	p.importAudits(s.Audits)
	for _, step := range []func(*projectState, map[string]*user) error{p.importSessions, p.importPending, p.importRedeemed, p.importLinks, p.importCodes} {
		if err := step(s, people); err != nil {
			return err
		}
	}
	all := p.settings.Load().limiters()
	for _, w := range s.Windows {
		if w.Limit < 0 || w.Limit >= len(all) {
			return fmt.Errorf("state: windows: the policy has no limit %d", w.Limit)
		}
		l, made := all[w.Limit], &window{count: w.Count, refused: w.Refused}
		if l.windows[w.Key] != nil {
			return fmt.Errorf("state: windows: %q is counted twice", w.Key)
		}
		l.windows[w.Key] = made
		l.end(p, made, w.Key, w.Ends)
	}
	if err := p.importFaults(s.Faults); err != nil {
		return err
	}
	return p.delivery.restore(&s.Delivery) // the last, because it runs from then on
}

func importKeys(keys []keyExport) ([]lazyKey, error) {
	var out []lazyKey
	for _, k := range keys {
		private, err := x509.ParsePKCS8PrivateKey(k.Private)
		if err != nil {
			return nil, errors.New("state: keys: a private key is not in PKCS #8") // without a word of it
		}
		signs, ok := private.(crypto.Signer)
		if !ok || !slices.Contains(policy.SigningAlgs(), k.Algorithm) {
			return nil, errors.New("state: keys: a private key signs nothing that is known")
		}
		made, err := newSigningKey(k.Algorithm, signs)
		if err != nil {
			return nil, fmt.Errorf("state: keys: %w", err)
		}
		out = append(out, func() (*signingKey, error) { return made, nil })
	}
	return out, nil
}

func (p *project) importUsers(s *projectState) (map[string]*user, error) {
	p.users = newDirectory()
	people := map[string]*user{}
	for _, m := range s.Users {
		u := p.users.fresh(m.Info.UserID)
		u.info, u.order, u.pending, u.seen = m.Info, m.Order, m.Pending, m.Seen
		u.phoneBarred, u.emailBarred = m.PhoneBarred, m.EmailBarred
		u.visits = importVisits(m.Visits)
		u.verifications = importVerifications(m.Verifications)
		for _, g := range m.Generated {
			if u.generated == nil {
				u.generated = map[linkSlot]string{}
			}
			u.generated[linkSlot{g.Channel, g.Enchanted}] = g.Token
		}
		if u.info.UserID == "" || people[u.info.UserID] != nil || len(u.info.LoginIDs) == 0 {
			return nil, fmt.Errorf("state: users: %q is no user ID, comes twice or has no login ID", u.info.UserID)
		}
		for _, login := range u.info.LoginIDs {
			if p.knows(u, login) {
				return nil, fmt.Errorf("state: users: two have one login ID, among them %s", u.info.UserID)
			}
		}
		people[u.info.UserID] = u
		if u.pending {
			p.users.pending.add(u.info.LoginIDs[0], u)
		} else {
			p.users.add(u)
		}
	}
	p.users.created = s.Created
	return people, nil
}

// knows tells whether a user of the same standing has the login ID in the tenants of u.
func (p *project) knows(u *user, login string) bool {
	index := &p.users.byLogin
	if u.pending {
		index = &p.users.pending
	}
	for other := range index.of(login) {
		if p.meet(u.info.UserTenants, other.info.UserTenants) {
			return true
		}
	}
	return false
}

func importVerifications(counts []verificationMemory) verificationCounts {
	var out verificationCounts
	for _, c := range counts {
		out = append(out, verificationCount{verification{c.Proof, c.Purpose, c.Channel, c.Refusal}, c.Times})
	}
	return out
}

func (p *project) importFaults(faults []faultMemory) error {
	list := make([]policy.Fault, 0, len(faults))
	set := &faultSet{}
	for _, m := range faults {
		list = append(list, m.Fault)
		f := p.newFault(m.Fault)
		f.seen, f.hits = m.Seen, m.Hits
		if err := f.random.source.UnmarshalBinary(m.Random); err != nil {
			return fmt.Errorf("state: random of fault %s: %w", m.Name, err)
		}
		set.all = append(set.all, f)
	}
	if problems := policy.ValidateFaults(list); len(problems) > 0 {
		return fmt.Errorf("state: %s", problemTexts(problems))
	}
	p.replaceFaults(set)
	return nil
}
