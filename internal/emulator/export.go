package emulator

import (
	"bytes"
	"cmp"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/authbench/authbench/internal/policy"
)

// export is the project at one instant. The caller keeps its keys from being replaced.
func (p *project) export() (*projectState, error) {
	// Keys that nobody asked for yet are made without the lock.
	ring := p.keys.Load()
	keys, err := exportKeys(ring.keys)
	if err != nil {
		return nil, err
	}
	previous, err := exportKeys(ring.previous)
	if err != nil {
		return nil, err
	}
	out := &projectState{
		ProjectID: p.id, Life: p.life, Keys: keyMemory{p.generation, keys, previous},
		Links: []linkMemory{}, Codes: []codeExport{}, Tries: []int{}, Windows: []windowMemory{}, Faults: []faultMemory{},
	}
	return out, p.locked(func(time.Time) error {
		s := p.clock.State()
		out.Clock = clockMemory{s.Frozen, s.Now.UTC(), policy.Duration(s.Skew)}
		if out.Random, err = p.random.source.MarshalBinary(); err != nil {
			return fmt.Errorf("randomness: %w", err)
		}
		out.Created = p.users.created
		out.Users = exportUsers(p.everybody())
		for _, l := range p.links {
			out.Links = append(out.Links, linkMemory{l.key[:], l.deadline.at, exportIntent(l.intent)})
		}
		slices.SortFunc(out.Links, func(a, b linkMemory) int { return bytes.Compare(a.Key, b.Key) })
		p.exportCodes(out)
		out.Sessions = exportSessions(p)
		out.Awaited = exportPending(p.awaited)
		out.Redeemed = p.exportRedeemed()
		out.Audits = exportAudits(&p.audits)
		if out.Delivery, err = p.delivery.export(); err != nil {
			return err
		}
		for i, l := range p.settings.Load().limiters() {
			for _, key := range slices.Sorted(maps.Keys(l.windows)) {
				w := l.windows[key]
				out.Windows = append(out.Windows, windowMemory{i, key, w.count, w.refused, w.ends})
			}
		}
		out.Verifications = p.verifications.export()
		return p.exportFaults(out)
	})
}

// everybody is the users and the pending sign-ups, in order of creation.
func (p *project) everybody() []*user {
	all := slices.Collect(maps.Values(p.users.byID))
	all = slices.AppendSeq(all, p.users.pending.each)
	inOrder(all)
	return all
}

func exportKeys(keys []lazyKey) ([]keyExport, error) {
	out := make([]keyExport, 0, len(keys))
	for _, key := range keys {
		k, err := key()
		if err != nil {
			return nil, err
		}
		k.prepare()
		text, err := x509.MarshalPKCS8PrivateKey(k.private)
		if err != nil {
			return nil, fmt.Errorf("signing key: %w", err)
		}
		out = append(out, keyExport{string(k.algorithm), text})
	}
	return out, nil
}

func exportUsers(users []*user) []userMemory {
	out := make([]userMemory, 0, len(users))
	for _, u := range users {
		out = append(out, userMemory{
			u.info, u.order, u.pending, u.seen, u.phoneBarred, u.emailBarred, exportVisits(u.visits),
			exportGenerated(u.generated), u.verifications.export(),
		})
	}
	return out
}

func exportGenerated(tokens map[linkSlot]string) []generatedMemory {
	var out []generatedMemory
	for at, token := range tokens {
		out = append(out, generatedMemory{at.channel, at.enchanted, token})
	}
	slices.SortFunc(out, func(a, b generatedMemory) int { return cmp.Compare(a.Token, b.Token) })
	return out
}

func (v verificationCounts) export() []verificationMemory {
	out := make([]verificationMemory, 0, len(v))
	for _, c := range v.sorted() {
		out = append(out, verificationMemory{c.proof, c.purpose, c.channel, c.refusal, c.times})
	}
	return out
}

func exportIntent(in intent) intentMemory {
	var awaited []byte
	if in.awaited != nil {
		awaited = in.awaited.key[:]
	}
	asked := ""
	if in.login.asked != nil {
		asked = in.login.asked.id
	}
	return intentMemory{
		in.purpose, in.channel, in.user.info.UserID, in.newcomer, in.useRecovery, in.contact, in.told(),
		in.login.stepUp, in.login.revokeOthers, in.login.revokeTypes, in.login.ssoApp, in.login.claims, in.login.nested, in.login.tenant, in.login.earlier,
		asked, in.update.addToLoginIDs, in.update.useExisting, in.update.failOnConflict,
		awaited, in.emailVerified, in.phoneVerified,
	}
}

// exportCodes lists the codes of each user and slot from the oldest on, and the budgets
// that they share.
func (p *project) exportCodes(out *projectState) {
	budgets := map[*tries]int{}
	for _, u := range p.everybody() {
		slots := slices.SortedFunc(maps.Keys(u.codes), compareSlots)
		for _, at := range slots {
			oldest := u.codes[at]
			for oldest.older != nil {
				oldest = oldest.older
			}
			for c := oldest; c != nil; c = c.newer {
				budget, known := budgets[c.tries]
				if !known {
					budget = len(out.Tries)
					budgets[c.tries] = budget
					out.Tries = append(out.Tries, int(c.tries.wrong))
				}
				out.Codes = append(out.Codes, codeExport{
					c.digits, c.generated, c.slot.family, budget, c.expires, c.deadline.at, exportIntent(c.intent),
				})
			}
		}
	}
}

func exportSessions(p *project) []sessionMemory {
	out := make([]sessionMemory, 0, len(p.sessions))
	for _, id := range slices.Sorted(maps.Keys(p.sessions)) {
		s := p.sessions[id]
		kept := sessionMemory{
			s.id, s.user.info.UserID, s.refreshID, s.methods, s.claims, s.nested, s.tenant,
			s.stepUp, s.opened, s.expires, s.deadline.at, s.used, []replacementMemory{},
		}
		for _, r := range s.replaced {
			kept.Replaced = append(kept.Replaced, replacementMemory{r.tokenID, r.deadline.at, exportGrant(r.grant)})
		}
		out = append(out, kept)
	}
	return out
}

func exportGrant(g grant) grantMemory {
	return grantMemory{
		g.user, g.firstSeen, g.sessionID, g.sessionTokenID, g.refreshTokenID, g.issued, g.expires, g.refreshExpires,
		g.methods, g.claims, g.nested, g.tenant, g.stepUp,
	}
}

func (p *project) exportFaults(out *projectState) error {
	for _, f := range p.faults.Load().list() {
		f.mu.Lock()
		random, err := f.random.source.MarshalBinary()
		out.Faults = append(out.Faults, faultMemory{f.Fault, f.seen, f.hits, random})
		f.mu.Unlock()
		if err != nil {
			return fmt.Errorf("randomness of fault %s: %w", f.Name, err)
		}
	}
	return nil
}

func compareSlots(a, b slot) int {
	return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.family, b.family))
}
