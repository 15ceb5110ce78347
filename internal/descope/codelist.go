package descope

// ErrorCodes lists the error codes of the API that this package names, in their
// order. The emulator's own are not among them.
func ErrorCodes() []string {
	return []string{
		CodeBadRequest, CodeMissingArguments, CodeInvalidRequest, CodeInvalidArguments,
		CodeWrongOTP, CodeTooManyAttempts, CodeOTPExpired, CodeUserExists, CodeUserNotFound, CodeUpdateConflict,
		CodeLinkPending, CodeTokenExpired, CodeLinkUnknown, CodeLoggedOut, CodeCreateUserFailed, CodeUnauthorized, CodeMgmtConflict, CodeMgmtUserNotFound,
		CodeRateLimitExceeded,
	}
}
