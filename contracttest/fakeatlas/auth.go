package fakeatlas

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/digestauth"
)

// Role is the set of operations that an account may call in the projects of its organization.
type Role int

// The roles that the operations require.
const (
	// BackupManager is Project Backup Manager: everything.
	BackupManager Role = iota
	// ReadOnly is Project Read Only: list and get.
	ReadOnly
)

// Account is a set of credentials that the fake accepts: an API key, a service account, or
// both. The zero Role allows all operations.
type Account struct {
	PublicKey, PrivateKey  string // for HTTP Digest
	ClientID, ClientSecret string // for OAuth 2.0

	Role Role
	// OtherOrganization means that the account has no access to the fake's projects.
	OtherOrganization bool
	// AccessList contains the addresses that may use the account; empty for all.
	AccessList []netip.Prefix
}

// AuthMethod is how a request authenticates.
type AuthMethod string

// The methods that the fake distinguishes.
const (
	AuthNone   AuthMethod = ""
	AuthDigest AuthMethod = "digest"
	AuthBearer AuthMethod = "bearer"
	AuthBasic  AuthMethod = "basic"
	AuthOther  AuthMethod = "other"
)

// authMethod returns the authentication method in an Authorization header.
func authMethod(header string) AuthMethod {
	scheme, _, _ := strings.Cut(header, " ")
	switch strings.ToLower(scheme) {
	case "":
		return AuthNone
	case "digest":
		return AuthDigest
	case "bearer":
		return AuthBearer
	case "basic":
		return AuthBasic
	}
	return AuthOther
}

// directory finds accounts by their public key or client id.
type directory struct {
	byKey    map[string]*Account
	byClient map[string]*Account
}

func newDirectory(accounts []Account) directory {
	d := directory{byKey: map[string]*Account{}, byClient: map[string]*Account{}}
	for _, a := range accounts {
		if a.PublicKey != "" {
			d.byKey[a.PublicKey] = &a
		}
		if a.ClientID != "" {
			d.byClient[a.ClientID] = &a
		}
	}
	return d
}

// password returns the private key of a public key, for the Digest verifier.
func (d directory) password(publicKey string) (string, bool) {
	a := d.byKey[publicKey]
	if a == nil {
		return "", false
	}
	return a.PrivateKey, true
}

// authenticate is the step that determines the account of the request.
func (s *Server) authenticate(c *call) *response {
	header := c.request.Header.Get("Authorization")
	switch authMethod(header) {
	case AuthDigest:
		return s.authenticateDigest(c, header)
	case AuthBearer:
		return s.authenticateBearer(c, header)
	default:
		return s.challenge(false)
	}
}

func (s *Server) authenticateDigest(c *call, header string) *response {
	user, refusal := s.digest.Verify(header, c.request.Method, c.request.RequestURI)
	c.named = user
	if refusal != digestauth.Accepted {
		c.refusal = refusal.String()
		return s.challenge(refusal == digestauth.Stale)
	}
	c.account = s.accounts.byKey[user]
	return nil
}

func (s *Server) authenticateBearer(c *call, header string) *response {
	_, token, _ := strings.Cut(header, " ")
	client, ok := s.tokens.Owner(strings.TrimSpace(token))
	if !ok || s.accounts.byClient[client] == nil {
		c.refusal = "unknown, revoked or expired token"
		return s.challenge(false)
	}
	c.named = client
	c.account = s.accounts.byClient[client]
	return nil
}

// namedAccount returns the public key or client id in the credentials of a request, even if
// the credentials are wrong; "" if there is none.
func (s *Server) namedAccount(r *http.Request) string {
	header := r.Header.Get("Authorization")
	switch authMethod(header) {
	case AuthDigest:
		return digestauth.UserName(header)
	case AuthBearer:
		_, token, _ := strings.Cut(header, " ")
		client, _ := s.tokens.Owner(strings.TrimSpace(token))
		return client
	case AuthBasic:
		id, _, _ := r.BasicAuth()
		return formDecoded(id)
	default:
		return ""
	}
}

// challenge returns a 401 with a fresh nonce, as in the two files
// contracttest/testdata/seen/401-*.http. In Atlas a proxy sends it, with fewer headers than
// other responses: none about rate limits, versions or security, and no X-Error-Code.
func (s *Server) challenge(stale bool) *response {
	body := challengeBody
	if s.config.challengeCode {
		body = challengeBodyWithCode
	}
	a := &response{status: http.StatusUnauthorized, mediaType: plainJSON, value: rawBody(body), bare: true}
	a.set("Vary", "Accept-Encoding")
	a.set("Www-Authenticate", s.digest.Challenge(stale))
	return a
}

// authorize is the step that checks the role and the access list of the account.
func (s *Server) authorize(c *call) *response {
	if ip, ok := remoteIP(c.request); len(c.account.AccessList) > 0 && (!ok || !inAccessList(ip, c.account.AccessList)) {
		return errAddress(ip.String())
	}
	if c.account.OtherOrganization && c.project != "" {
		return errNotInGroup()
	}
	if c.op.writes() && c.account.Role == ReadOnly {
		return errRole()
	}
	return nil
}

func inAccessList(ip netip.Addr, list []netip.Prefix) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(ip) })
}

func remoteIP(r *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(host)
	return ip.Unmap(), err == nil
}
