package policy

// Unpublished is what the emulator does where nobody has published what the service does,
// and no block of the vendor's settings is the place for it. Choices says of each what it
// decides.
type Unpublished struct {
	UserMade              string   `json:"user_made"`
	UpdateTokens          string   `json:"update_tokens"`
	UpdateNotifies        bool     `json:"update_notifies"`
	UpdateRevokesSessions bool     `json:"update_revokes_sessions"`
	UpdateEndsOlder       bool     `json:"update_ends_older"`
	LogoutEnds            string   `json:"logout_ends"`
	RepeatWithin          Duration `json:"repeat_within"`
	MaskPhoneStart        int      `json:"mask_phone_start"`
	MaskPhoneEnd          int      `json:"mask_phone_end"`
	MaskPhoneStars        int      `json:"mask_phone_stars"`
	MaskEmailStart        int      `json:"mask_email_start"`
	MaskEmailStars        int      `json:"mask_email_stars"`
	UnknownFields         string   `json:"unknown_fields"`
	DuplicateFields       string   `json:"duplicate_fields"`
	Providers             []string `json:"providers"`
}

// When a sign-up makes its user.
const (
	MadeAtVerify = "verify" // nobody is a user before the message was read
	MadeAtSend   = "send"   // an unverified one from the send on
)

// Whether the verification of an update answers with tokens.
const (
	TokensAlways   = "always"
	TokensSameUser = "same_user" // not if the user who asked was merged into another
	TokensNever    = "never"
)

// Which messages under way a logout ends.
const (
	EndsNone    = "none"
	EndsUpdates = "updates"
	EndsAll     = "all"
)

// What becomes of fields of a body that its request does not have, or has twice.
const (
	FieldsIgnored = "ignore"
	FieldsRefused = "refuse"
	FieldsLast    = "last" // of several of one name, the last counts
)
