package descope

// EnchantedLinkResponse answers the sends of enchanted links. LinkID is the number of
// the link in the message that is the right one; PendingRef is for who waits.
type EnchantedLinkResponse struct {
	PendingRef  string `json:"pendingRef"`
	LinkID      string `json:"linkId"`
	MaskedEmail string `json:"maskedEmail"`
}

// VerifyEnchantedLinkRequest redeems the token of an enchanted link, for who waits.
type VerifyEnchantedLinkRequest struct {
	Token        string `json:"token,omitempty"`
	PKCEVerifier string `json:"pkceVerifier,omitempty"` // of the pkceChallenge, if the send had one
}

// PendingSessionRequest asks for the session of an enchanted link.
type PendingSessionRequest struct {
	PendingRef string `json:"pendingRef,omitempty"`
}

// GeneratedEnchantedLink is a test user's enchanted link.
type GeneratedEnchantedLink struct {
	LoginID    string `json:"loginId"`
	Link       string `json:"link"`
	PendingRef string `json:"pendingRef"`
}
