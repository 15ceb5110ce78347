package policy

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// AppScheme tells whether a scheme, in lower case, can be one that an app has for itself:
// "myapp", or an identifier such as "com.acme.app". Those of the web are none, and those that
// carry what they lead to, or mean something to every device, are no place for a link.
func AppScheme(scheme string) bool {
	return validScheme(scheme) && !slices.Contains([]string{
		"http", "https", // the web
		"javascript", "vbscript", "livescript", "mocha", "data", "blob", "file", "filesystem", "content", "jar", "cid", "mid", "mhtml", "res",
		"about", "view-source", "resource", "chrome", "chrome-extension", "moz-extension", "ms-browser-extension", "wyciwyg", "feed",
		"intent", "android-app", "market", "itms", "itms-apps", "itms-services", "ms-appinstaller", "search-ms", "shell",
		"ws", "wss", "ftp", "ftps", "sftp", "ssh", "telnet", "gopher", "ldap", "ldaps", "smb", "dav", "git", "magnet", "urn",
		"mailto", "tel", "sms", "smsto", "mms", "mmsto", "callto", "facetime", "sip", "sips", "geo",
	}, scheme)
}

func validScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20 // a letter in lower case
		if (c < 'a' || c > 'z') && (i == 0 || strings.IndexByte("0123456789+-.", s[i]) < 0) {
			return false
		}
	}
	return s != "" && len(s) <= 253
}

// validRedirect takes addresses of the web and of apps.
func validRedirect(s string) bool {
	u, ok := address(s)
	return ok && (isWeb(u) || AppScheme(u.Scheme))
}

func validWebAddress(s string) bool {
	u, ok := address(s)
	return ok && isWeb(u)
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

// address is an absolute one that names a host, and no user.
func address(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, false
		}
	}
	return u, u.Opaque == "" && u.Hostname() != "" && u.User == nil
}
