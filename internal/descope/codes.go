package descope

// Error codes of the API.
const (
	CodeBadRequest        = "E011001"
	CodeMissingArguments  = "E011002"
	CodeInvalidRequest    = "E011003"
	CodeInvalidArguments  = "E011004"
	CodeWrongOTP          = "E061102"
	CodeTooManyAttempts   = "E061103"
	CodeOTPExpired        = "E061104"
	CodeUserExists        = "E062107"
	CodeUserNotFound      = "E062108"
	CodeUpdateConflict    = "E062125"
	CodeTokenExpired      = "E062504"
	CodeLoggedOut         = "E064001"
	CodeCreateUserFailed  = "E111111"
	CodeUnauthorized      = "E111119"
	CodeMgmtConflict      = "E111127"
	CodeMgmtUserNotFound  = "E112102"
	CodeRateLimitExceeded = "E130429"
)

// Codes of the emulator's own, for what the service publishes no code for.
const (
	CodeNotEmulated   = "EAB0501"
	CodeWrongVerb     = "EAB0405"
	CodeUndeliverable = "EAB0422" // the carrier rejects the recipient
	CodeDisabled      = "EAB0403" // the user is disabled
	CodeOverload      = "EAB0429" // the emulator keeps no more of something
	CodeInternal      = "EAB0500"

	CodeMethodDisabled = "EAB1403" // the project does without the method
	CodeSendLimit      = "EAB1429" // enough messages were sent
)

// Evidence says how sure the status and the code of a refusal are.
type Evidence string

// The grades of evidence.
const (
	Confirmed Evidence = "confirmed" // the code is documented or in several of the vendor's SDKs
	Chosen    Evidence = "chosen"    // nothing is published; the emulator's choice
)

// Failure is one refusal as the emulator answers it. The status is Chosen
// unless StatusSure is set; clients should judge by Code, or by status class.
type Failure struct {
	Status      int
	Code        string
	Description string
	Message     string // an example; the emulator may name the field at fault
	Evidence    Evidence
	StatusSure  bool
}

// Body is the refusal on the wire. An empty message means the Failure's own.
func (f Failure) Body(message string) ErrorBody {
	message = first(message, f.Message)
	return ErrorBody{ErrorCode: f.Code, ErrorDescription: f.Description, ErrorMessage: message, Message: message}
}

// Condition names a reason to refuse a request.
type Condition int

// The conditions of the emulated endpoints.
const (
	BadRequest Condition = iota
	InvalidField
	InvalidArgument
	BadRedirect
	NoBearer
	UnknownProject
	NoRefreshJWT
	BadRefreshJWT
	LoggedOut
	WrongManagementKey
	NotYourLoginID
	WrongOTP
	TooManyAttempts
	OTPExpired
	UserExists
	UserNotFound
	UnverifiedPhone
	UpdateConflict
	TokenExpired
	NotATestUser
	MgmtUserExists
	MgmtUserNotFound
	MgmtConflict
	UserDisabled
	Undeliverable
	TooManySessions
	RateLimited
	SendLimited
	MethodDisabled
	TooManyCounted
	NotEmulated
	WrongVerb
	Internal

	conditions // the number of conditions
)

// Failure is the table of all refusals. An unknown condition is a bad request.
func (c Condition) Failure() Failure {
	table := [conditions]Failure{
		BadRequest:         {400, CodeBadRequest, "Bad request", "The request is malformed", Confirmed, true},
		InvalidField:       {400, CodeInvalidRequest, "Request is invalid", "A field is invalid", Confirmed, false},
		InvalidArgument:    {400, CodeInvalidArguments, "Invalid arguments", "An argument is invalid", Confirmed, false},
		BadRedirect:        {400, CodeInvalidRequest, "Request is invalid", "The redirectUrl field is not an approved address", Chosen, false},
		NoBearer:           {401, CodeMissingArguments, "Missing arguments", "The authorization header is missing or malformed", Chosen, false},
		UnknownProject:     {401, CodeInvalidArguments, "Invalid arguments", "The project ID is unknown", Chosen, false},
		NoRefreshJWT:       {401, CodeMissingArguments, "Missing arguments", "The refresh token is missing", Chosen, false},
		BadRefreshJWT:      {401, CodeInvalidArguments, "Invalid arguments", "Invalid or expired refresh token", Chosen, false},
		LoggedOut:          {401, CodeLoggedOut, "Token expired", "Expired due to logout", Confirmed, false},
		WrongManagementKey: {401, CodeUnauthorized, "Unauthorized", "Unauthorized", Chosen, false},
		NotYourLoginID:     {400, CodeInvalidArguments, "Invalid arguments", "The loginId does not belong to the signed-in user", Chosen, false},
		WrongOTP:           {401, CodeWrongOTP, "One-time code is invalid", "The code is invalid", Confirmed, false},
		TooManyAttempts:    {401, CodeTooManyAttempts, "Too many OTP attempts", "Too many wrong attempts, the code is locked", Confirmed, false},
		OTPExpired:         {401, CodeOTPExpired, "One-time code expired", "The code has expired", Confirmed, false},
		UserExists:         {400, CodeUserExists, "User already exists", "The user already exists", Confirmed, false},
		UserNotFound:       {400, CodeUserNotFound, "User not found", "The user does not exist", Confirmed, false},
		UnverifiedPhone:    {400, CodeUserNotFound, "User not found", "No user logs in with this phone: it is not verified", Chosen, false},
		UpdateConflict:     {409, CodeUpdateConflict, "Login ID conflict", "Another user has this login ID", Confirmed, false},
		TokenExpired:       {401, CodeTokenExpired, "Token expired", "Token expired: failed to load magic link token", Confirmed, false},
		NotATestUser:       {400, CodeInvalidArguments, "Invalid arguments", "The user is not a test user", Chosen, false},
		MgmtUserExists:     {400, CodeUserExists, "User already exists", "The user already exists", Chosen, false},
		MgmtUserNotFound:   {404, CodeMgmtUserNotFound, "User not found", "The user does not exist", Confirmed, true},
		MgmtConflict:       {409, CodeMgmtConflict, "Login ID conflict", "Another user has this login ID", Confirmed, true},
		UserDisabled:       {403, CodeDisabled, "User is disabled", "The user is disabled", Chosen, false},
		Undeliverable:      {400, CodeUndeliverable, "Message refused", "The message can not be delivered", Chosen, false},
		TooManySessions:    {429, CodeOverload, "Too many sessions", "The user has as many open sessions as the emulator keeps", Chosen, false},
		RateLimited:        {429, CodeRateLimitExceeded, "https://docs.descope.com/rate-limiting", "API rate limit exceeded.", Confirmed, true},
		SendLimited:        {429, CodeSendLimit, "Too many messages", "Enough messages were sent for the time being", Chosen, false},
		MethodDisabled:     {403, CodeMethodDisabled, "Method is disabled", "The authentication method is disabled in this project", Chosen, false},
		TooManyCounted:     {429, CodeOverload, "Too many counted", "A rate limit counts as many addresses as the emulator keeps", Chosen, false},
		NotEmulated:        {501, CodeNotEmulated, "Not emulated", "This route is not emulated", Chosen, false},
		WrongVerb:          {405, CodeWrongVerb, "Method not allowed", "This route does not take the HTTP method", Chosen, false},
		Internal:           {500, CodeInternal, "Internal error", "Internal error of the emulator", Chosen, false},
	}
	if c < 0 || int(c) >= len(table) {
		return table[BadRequest]
	}
	return table[c]
}
