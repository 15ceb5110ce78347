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

// Identity gives whom the requests of an attempt are for, by the arguments that the
// kind names, empty when they do not say.
func (k *Kind) Identity(a Args) string {
	for _, name := range k.Identifiers {
		if s := a.String(name); s != "" {
			return s
		}
	}
	return ""
}
