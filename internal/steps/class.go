package steps

// The classes of requests.
const (
	// ClassSend makes the target send a message to somebody.
	ClassSend = "send"
	// ClassVerify redeems a code or a token for a session.
	ClassVerify = "verify"
	// ClassSession uses a session: to ask who it is of, to refresh it, to end it.
	ClassSession = "session"
	// ClassManagement needs the management key.
	ClassManagement = "management"
)

// Classes lists the classes, for limits and messages.
func Classes() []string { return []string{ClassManagement, ClassSend, ClassSession, ClassVerify} }
