package fakeatlas

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas/internal/tokens"
)

// The default project and credentials of a fake. None of these values is a secret.
const (
	DefaultProjectID    = "fa4ea71a5000000000000001"
	DefaultPublicKey    = "fakepubl"
	DefaultPrivateKey   = "00000000-0000-4000-8000-00000000fa4e"
	DefaultClientID     = "mdb_sa_id_fa4ea71a5000000000000002"
	DefaultClientSecret = "mdb_sa_sk_fake"
)

// Option changes how a fake behaves. The order of options does not matter.
type Option func(*config)

type config struct {
	address   string
	memory    bool // use pipes instead of a port
	projectID string
	account   Account   // the default account
	accounts  []Account // additional accounts
	projects  []string
	initial   []initialBucket // buckets that a test passed
	generated []generated     // numbers of buckets to generate
	seed      uint64
	clock     func() time.Time
	nonceLife time.Duration
	// challengeCode adds an errorCode to the 401 challenge.
	challengeCode bool
	limits        tokens.Limits
	rate          Allowance
	unlimited     bool
	keep          int
	logger        *slog.Logger
	allow         bool
	faults        []Fault
	control       bool // the control endpoints
	tls           bool
	errs          []error
}

type initialBucket struct {
	project string
	bucket  Bucket
}

type generated struct {
	n         int
	providers []Provider
}

func newConfig(opts []Option) (config, error) {
	c := config{
		address: "127.0.0.1:0", projectID: DefaultProjectID, seed: 1, clock: time.Now,
		rate: AtlasAllowance, keep: defaultKeptRequests,
		account: Account{
			PublicKey: DefaultPublicKey, PrivateKey: DefaultPrivateKey,
			ClientID: DefaultClientID, ClientSecret: DefaultClientSecret,
		},
	}
	for _, opt := range opts {
		opt(&c)
	}
	if c.unlimited && c.limits.PerMinute == 0 {
		c.limits.PerMinute, c.limits.Active = tokens.Unlimited, tokens.Unlimited
	}
	return c, errors.Join(c.errs...)
}

func (c *config) refuse(format string, values ...any) {
	c.errs = append(c.errs, fmt.Errorf("fakeatlas: "+format, values...))
}

func (c *config) checkID(option, id string) {
	if !hexID.MatchString(id) {
		c.refuse("%s(%q): an id has 24 digits from 0-9 and a-f", option, id)
	}
}

// maxBuckets bounds the number of buckets that one option generates.
const maxBuckets = 1_000_000

// Buckets adds n generated buckets to the default project. Their providers alternate; by
// default all are on AWS. Their ids are the same on every run.
func Buckets(n int, providers ...Provider) Option {
	return func(c *config) {
		if n < 0 || n > maxBuckets {
			c.refuse("Buckets(%d): give a number from 0 to %d", n, maxBuckets)
			return
		}
		c.generated = append(c.generated, generated{n: n, providers: providers})
	}
}

// Project adds a project, or adds buckets to an existing one. These buckets come before
// those that [Buckets] generates.
func Project(id string, buckets ...Bucket) Option {
	return func(c *config) {
		c.checkID("Project", id)
		c.projects = append(c.projects, id)
		for _, b := range buckets {
			if err := b.check(); err != nil {
				c.refuse("Project: %w", err)
			}
			c.initial = append(c.initial, initialBucket{project: id, bucket: b})
		}
	}
}

// ProjectID sets the id of the default project.
func ProjectID(id string) Option {
	return func(c *config) {
		c.checkID("ProjectID", id)
		c.projectID = id
	}
}

// APIKey sets the default account's key pair.
func APIKey(public, private string) Option {
	return func(c *config) { c.account.PublicKey, c.account.PrivateKey = public, private }
}

// ServiceAccount sets the default account's client id and secret.
func ServiceAccount(id, secret string) Option {
	return func(c *config) { c.account.ClientID, c.account.ClientSecret = id, secret }
}

// Accounts adds accounts, with their own roles and limits.
func Accounts(accounts ...Account) Option {
	return func(c *config) { c.accounts = append(c.accounts, accounts...) }
}

// Seed sets the seed for generated ids and for faults with a probability.
func Seed(seed uint64) Option {
	return func(c *config) { c.seed = seed }
}

// Clock replaces the clock for nonces, tokens, rate limits and the Date header.
func Clock(now func() time.Time) Option {
	return func(c *config) { c.clock = now }
}

// ChallengeErrorCode adds the errorCode UNEXPECTED_ERROR to the body of the 401
// challenge. Most recorded challenges of Atlas have no errorCode; some of August 2026 have
// this one. Default: no errorCode.
func ChallengeErrorCode() Option {
	return func(c *config) { c.challengeCode = true }
}

// NonceLife sets the lifetime of a Digest nonce. Default: 60 s.
func NonceLife(d time.Duration) Option {
	return func(c *config) { c.nonceLife = d }
}

// TokenLife sets the lifetime of an access token. Default: 1 h.
func TokenLife(d time.Duration) Option {
	return func(c *config) { c.limits.Life = d }
}

// TokenLimits sets the number of token requests per minute for each address and client, and
// the number of active tokens per account. Defaults: 10 and 100.
func TokenLimits(perMinute, active int) Option {
	return func(c *config) {
		if perMinute < 1 || active < 1 {
			c.refuse("TokenLimits(%d, %d): both must be at least 1", perMinute, active)
			return
		}
		c.limits.PerMinute, c.limits.Active = perMinute, active
	}
}

// RateLimit sets the allowance of a project. Default: [AtlasAllowance].
func RateLimit(rate Allowance) Option {
	return func(c *config) {
		if rate.Capacity < 1 || rate.Refill < 1 || rate.Per <= 0 {
			c.refuse("RateLimit(%+v): every field must be above 0", rate)
			return
		}
		c.rate = rate
	}
}

// NoRateLimit turns the rate limit off, and the limits of token requests and active tokens
// unless [TokenLimits] sets them. The rate limit headers then always show the full limit.
func NoRateLimit() Option {
	return func(c *config) { c.unlimited = true }
}

// Address sets the address to listen on. Default: 127.0.0.1:0, a free port.
func Address(hostPort string) Option {
	return func(c *config) { c.address = hostPort }
}

// Logger sets a logger, which gets one record per request, without credentials.
func Logger(logger *slog.Logger) Option {
	return func(c *config) { c.logger = logger }
}

// KeepRequests sets the number of requests that are remembered. Default: 10,000.
func KeepRequests(n int) Option {
	return func(c *config) { c.keep = max(n, 0) }
}

// AllowUnknown makes unknown requests not fail the test. Their response is still 404 or
// 405.
func AllowUnknown() Option {
	return func(c *config) { c.allow = true }
}
