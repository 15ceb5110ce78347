package emulator

import (
	"cmp"
	"slices"

	"github.com/authbench/authbench/internal/descope"
)

// What was shown to be verified.
const (
	proofLink          = "link" // magic or embedded
	proofEnchantedLink = "enchanted_link"
	proofCode          = "code"
)

// verification is one sort of attempts to redeem a link or a code.
type verification struct {
	proof   string
	purpose purpose // empty if what was shown led to none
	channel descope.Method
	refusal string // error code; empty if it was redeemed
}

// verificationCount is how many there were.
type verificationCount struct {
	verification
	times uint64
}

// verificationCounts has one entry for each sort. The project's lock guards it.
type verificationCounts []verificationCount

func (v *verificationCounts) add(one verification) {
	for i := range *v {
		if (*v)[i].verification == one {
			(*v)[i].times++
			return
		}
	}
	*v = append(*v, verificationCount{one, 1})
}

// sorted is a copy in an order that tells nothing of the order of the attempts.
func (v verificationCounts) sorted() verificationCounts {
	out := slices.Clone(v)
	slices.SortFunc(out, func(a, b verificationCount) int {
		return cmp.Or(cmp.Compare(a.proof, b.proof), cmp.Compare(a.purpose, b.purpose),
			cmp.Compare(a.channel, b.channel), cmp.Compare(a.refusal, b.refusal))
	})
	return out
}

// counted counts an attempt for the project, and for the user that is known of it: whose
// session it opened, else whose code was tried. The caller holds the lock.
func (p *project) counted(proof string, channel descope.Method, tried *user, g *grant, err error) {
	one := verification{proof: proof, channel: channel}
	if err != nil {
		_, body := failure(err)
		one.refusal = body.ErrorCode
	} else {
		one.purpose, one.channel = g.purpose, g.channel
		tried = p.users.byID[g.user.UserID]
	}
	p.verifications.add(one)
	if tried != nil {
		tried.verifications.add(one)
	}
}
