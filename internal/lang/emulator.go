package lang

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/plan"
	"github.com/authbench/authbench/internal/policy"
)

// emulatorBlocks are the blocks of an emulator block, each from its own file.
func emulatorBlocks() []emulatorBlock {
	return []emulatorBlock{
		otpBlock(), magicLinkBlock(), embeddedLinkBlock(), enchantedLinkBlock(), limitBlock(), userBlock(), unpublishedBlock(), answerBlock(),
		faultBlock(), deliveryBlock(), connectorsBlock(),
	}
}

// emulatorArgs are the arguments of the emulator block itself.
func emulatorArgs() []argument[policy.Project] {
	return append([]argument[policy.Project]{
		seedArg(),
		choiceArg("signing_alg"),
		textsArg("approved_domains", "Hosts that a link may lead to; `*.host` stands for every host below one. An address of an app, such as `com.acme.app://verify`, is approved by its scheme. Empty approves all of both.",
			func(p *policy.Project) *[]string { return &p.ApprovedDomains }),
		boolArg("tenant_user_isolation", "A login ID is a user of its own in each tenant. Sign-ups, and sign-ins of users of tenants, name one (`tenantId`); nothing is merged across tenants. It does not change in a project that has users.",
			func(p *policy.Project) *bool { return &p.TenantUserIsolation }),
		intArg("journal", 0, "Requests that the admin API keeps for a look back; 0 keeps none.", func(p *policy.Project) *int { return &p.Journal }),
	}, slices.Concat(tokenArgs(), testUserArgs(), rateLimitArgs())...)
}

func seedArg() argument[policy.Project] {
	const name = "seed"
	return argument[policy.Project]{
		name: name, kind: "whole number",
		doc: "Decides all that is made up for the project: its ID if it is given none, faults and deliveries, and with its ID " +
			"keys, user IDs, codes and tokens. At most 2^53. `--seed` of `authbench emulate` goes before it. Without it the " +
			"run's seed and the project's ID decide one, and a project that is made again under its ID repeats no key, code " +
			"or token.",
		read: func(l *loader, c *content, into *policy.Project) {
			if l.given(c, name) {
				into.Seed = new(uint64(l.staticInt(c, name, 0, 0, policy.MaxSeed)))
			}
		},
		show: func(*policy.Project) string { return "" },
	}
}

func emulatorForm() form {
	f := formOf("emulator", emulatorArgs())
	for _, b := range emulatorBlocks() {
		f.blocks = append(f.blocks, blockForm{kind: b.kind, labels: b.labels, once: b.once})
	}
	return f
}

// providerEmulator reads the policy of an emulated project. What is not said has the
// emulator's defaults.
func (l *loader) providerEmulator(p *plan.Provider, b *hclsyntax.Block) {
	p.Emulator = policy.Default()
	if b == nil {
		return
	}
	e := &emulatorReader{loader: l, policy: &p.Emulator, places: map[string]hcl.Range{}, told: map[string]bool{}}
	c := l.content(b.Body, b.DefRange(), emulatorForm())
	take(e, c, "", emulatorArgs(), e.policy)
	for _, kind := range emulatorBlocks() {
		for _, inner := range c.of(kind.kind) {
			kind.read(e, inner)
		}
	}
	for _, problem := range p.Emulator.Validate() {
		if e.told[problem.Setting] {
			continue
		}
		at, ok := e.at(problem.Setting)
		if !ok {
			at = b.DefRange()
		}
		l.error(at, "Invalid emulator setting", fmt.Sprintf("%s: %s.", problem.Setting, problem.Detail))
	}
}
