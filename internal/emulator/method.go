package emulator

import (
	"strings"

	"github.com/authbench/authbench/internal/descope"
)

// offers refuses the routes of a method that the policy disables. Magic links and
// embedded links are redeemed by one route; there the link itself tells.
func (p *project) offers(path string) error {
	disabled := false
	switch {
	case strings.HasPrefix(path, "/v1/auth/otp/"), path == descope.PathGenerateOTP:
		disabled = p.policy().OTP.Disabled
	case path == descope.PathMagicLinkVerify:
		disabled = p.policy().MagicLink.Disabled && p.policy().EmbeddedLink.Disabled
	case strings.HasPrefix(path, "/v1/auth/magiclink/"), path == descope.PathGenerateLink:
		disabled = p.policy().MagicLink.Disabled
	case path == descope.PathEmbeddedLinkSignIn, path == descope.PathEmbeddedLinkSignUp:
		disabled = p.policy().EmbeddedLink.Disabled
	case strings.HasPrefix(path, "/v1/auth/enchantedlink/"), path == descope.PathGenerateEnchant:
		disabled = p.policy().EnchantedLink.Disabled
	}
	if disabled {
		return refuse(descope.MethodDisabled, "")
	}
	return nil
}
