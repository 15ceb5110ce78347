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
	CodeLinkPending       = "E062503"
	CodeTokenExpired      = "E062504"
	CodeLinkUnknown       = "E063010"
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
	CodeOverlong      = "EAB0431" // address and headers are too large
	CodeInternal      = "EAB0500"

	CodeMethodDisabled = "EAB1403" // the project does without the method
	CodeSendLimit      = "EAB1429" // enough messages were sent
)

// Evidence says how sure the status and the code of a refusal are.
type Evidence string

// The grades of evidence.
const (
	// Confirmed: the code is published for the condition.
	Confirmed Evidence = "confirmed"
	// Chosen: nothing is published, or a code whose being the one for the condition is a guess.
	Chosen Evidence = "chosen"
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
	EmptyToken
	EmptyCode
	InvalidPhone
	InvalidEmail
	UnknownField
	UnknownProvider
	InvalidArgument
	BadRedirect
	NoBearer
	UnknownProject
	NoRefreshJWT
	BadRefreshJWT
	NoSessionJWT
	BadSessionJWT
	LoggedOut
	WrongManagementKey
	NotYourLoginID
	WrongOTP
	UsedOTP
	NoOTP
	UnknownLoginID
	TooManyAttempts
	OTPExpired
	UserExists
	UserNotFound
	UnverifiedPhone
	UnverifiedEmail
	UpdateConflict
	TokenExpired
	UsedToken
	LinkPending
	LinkUnknown
	BadPKCEVerifier
	NotATestUser
	TestUserLimit
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
	Overlong
	Internal

	conditions // the number of conditions
)

// Failure is the table of all refusals. An unknown condition is a bad request.
func (c Condition) Failure() Failure {
	table := [conditions]Failure{
		BadRequest:         {400, CodeBadRequest, "Bad request", "The request is malformed", Confirmed, false},
		InvalidField:       {400, CodeInvalidRequest, "Request is invalid", "A field is invalid", Confirmed, false},
		EmptyToken:         {400, CodeInvalidRequest, "Request is invalid", "The token field is required", Chosen, false},
		EmptyCode:          {400, CodeInvalidRequest, "Request is invalid", "The code field is required", Chosen, false},
		InvalidPhone:       {400, CodeInvalidRequest, "Request is invalid", "The phone field is not a valid phone", Chosen, false},
		InvalidEmail:       {400, CodeInvalidRequest, "Request is invalid", "The email field is not a valid email", Chosen, false},
		UnknownField:       {400, CodeInvalidRequest, "Request is invalid", "The body holds a field that the request does not have", Chosen, false},
		UnknownProvider:    {400, CodeInvalidArguments, "Invalid arguments", "The providerId is unknown", Chosen, false},
		InvalidArgument:    {400, CodeInvalidArguments, "Invalid arguments", "An argument is invalid", Chosen, false},
		BadRedirect:        {400, CodeInvalidRequest, "Request is invalid", "The redirectUrl field is not an approved address", Chosen, false},
		NoBearer:           {401, CodeMissingArguments, "Missing arguments", "The authorization header is missing or malformed", Chosen, false},
		UnknownProject:     {401, CodeInvalidArguments, "Invalid arguments", "The project ID is unknown", Chosen, false},
		NoRefreshJWT:       {401, CodeMissingArguments, "Missing arguments", "The refresh token is missing", Chosen, false},
		BadRefreshJWT:      {401, CodeInvalidArguments, "Invalid arguments", "Invalid or expired refresh token", Chosen, false},
		NoSessionJWT:       {401, CodeMissingArguments, "Missing arguments", "The session token is missing", Chosen, false},
		BadSessionJWT:      {401, CodeInvalidArguments, "Invalid arguments", "Invalid or expired session token", Chosen, false},
		LoggedOut:          {401, CodeLoggedOut, "Token expired", "Expired due to logout", Chosen, false},
		WrongManagementKey: {401, CodeUnauthorized, "Unauthorized", "Unauthorized", Chosen, false},
		NotYourLoginID:     {400, CodeInvalidArguments, "Invalid arguments", "The loginId does not belong to the signed-in user", Chosen, false},
		WrongOTP:           {401, CodeWrongOTP, "One-time code is invalid", "The code is invalid", Confirmed, false},
		UsedOTP:            {401, CodeWrongOTP, "One-time code is invalid", "The code is invalid", Chosen, false},
		NoOTP:              {401, CodeWrongOTP, "One-time code is invalid", "The code is invalid", Chosen, false},
		UnknownLoginID:     {401, CodeWrongOTP, "One-time code is invalid", "The code is invalid", Chosen, false},
		TooManyAttempts:    {401, CodeTooManyAttempts, "Too many OTP attempts", "Too many wrong attempts, the code is locked", Confirmed, false},
		OTPExpired:         {401, CodeOTPExpired, "One-time code expired", "The code has expired", Confirmed, false},
		UserExists:         {400, CodeUserExists, "User already exists", "The user already exists", Confirmed, false},
		UserNotFound:       {400, CodeUserNotFound, "User not found", "The user does not exist", Chosen, false},
		UnverifiedPhone:    {400, CodeUserNotFound, "User not found", "No user logs in with this phone: it is not verified", Chosen, false},
		UnverifiedEmail:    {400, CodeUserNotFound, "User not found", "No user logs in with this email: it is not verified", Chosen, false},
		UpdateConflict:     {409, CodeUpdateConflict, "Login ID conflict", "Another user has this login ID", Confirmed, false},
		TokenExpired:       {401, CodeTokenExpired, "Token expired", "Token expired: failed to load magic link token", Chosen, false},
		UsedToken:          {401, CodeTokenExpired, "Token expired", "Token expired: failed to load magic link token", Chosen, false},
		LinkPending:        {401, CodeLinkPending, "Enchanted link pending", "The enchanted link was not clicked yet", Confirmed, false},
		LinkUnknown:        {401, CodeLinkUnknown, "Enchanted link not found", "The enchanted link is not in the cache, it may have expired", Confirmed, false},
		BadPKCEVerifier:    {401, CodeInvalidArguments, "Invalid arguments", "The pkceVerifier does not fit the pkceChallenge", Chosen, false},
		NotATestUser:       {400, CodeInvalidArguments, "Invalid arguments", "The user is not a test user", Chosen, false},
		TestUserLimit:      {400, CodeCreateUserFailed, "Failed to create user", "Failed to create user: [E013002] Test users limit exceeded", Chosen, false},
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
		Overlong:           {431, CodeOverlong, "Request too large", "The address and the headers are larger than 64 KiB", Chosen, false},
		Internal:           {500, CodeInternal, "Internal error", "Internal error of the emulator", Chosen, false},
	}
	if c < 0 || int(c) >= len(table) {
		return table[BadRequest]
	}
	return table[c]
}
