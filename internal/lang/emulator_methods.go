package lang

import (
	"slices"

	"github.com/authbench/authbench/internal/policy"
)

// whole is the part that a block fills whose arguments lead to their places from the
// policy itself.
func whole(p *policy.Project) *policy.Project { return p }

func otpBlock() emulatorBlock {
	return once("otp", "One-time codes.", append([]argument[policy.Project]{
		disabledArg(func(p *policy.Project) *bool { return &p.OTP.Disabled }),
	}, choiceArgs("otp")...), whole)
}

func magicLinkBlock() emulatorBlock {
	return linkBlock("magic_link", "Magic links.",
		disabledArg(func(p *policy.Project) *bool { return &p.MagicLink.Disabled }),
		redirectArg(func(p *policy.Project) *string { return &p.MagicLink.RedirectURL }))
}

func embeddedLinkBlock() emulatorBlock {
	return linkBlock("embedded_link", "Embedded links.",
		disabledArg(func(p *policy.Project) *bool { return &p.EmbeddedLink.Disabled }))
}

func enchantedLinkBlock() emulatorBlock {
	return linkBlock("enchanted_link", "Enchanted links.",
		disabledArg(func(p *policy.Project) *bool { return &p.EnchantedLink.Disabled }),
		redirectArg(func(p *policy.Project) *string { return &p.EnchantedLink.RedirectURL }))
}

// linkBlock has what is chosen of a kind of links between one argument and the rest.
func linkBlock(kind, doc string, first argument[policy.Project], rest ...argument[policy.Project]) emulatorBlock {
	return once(kind, doc, slices.Concat([]argument[policy.Project]{first}, choiceArgs(kind), rest), whole)
}

func disabledArg(at func(*policy.Project) *bool) argument[policy.Project] {
	return boolArg("disabled", "Refuses the method with status 403.", at)
}

func redirectArg(at func(*policy.Project) *string) argument[policy.Project] {
	return textArg("redirect_url", "Where a link leads when a request names nothing.", at)
}
