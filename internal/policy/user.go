package policy

// User is a user that the project has from the start.
type User struct {
	Key           string   `json:"key"`      // tells it from the others; nobody sees it
	LoginID       string   `json:"login_id"` // empty for the phone, else the email
	Phone         string   `json:"phone"`
	VerifiedPhone bool     `json:"verified_phone"`
	Email         string   `json:"email"`
	VerifiedEmail bool     `json:"verified_email"`
	Name          string   `json:"name"`
	Status        string   `json:"status"` // one of Statuses; empty for StatusEnabled
	Roles         []string `json:"roles"`
	Tenants       []string `json:"tenants"` // IDs
}

// Login is the login ID with what it is when it is not given.
func (u *User) Login() string {
	switch {
	case u.LoginID != "":
		return u.LoginID
	case u.Phone != "":
		return u.Phone
	}
	return u.Email
}
