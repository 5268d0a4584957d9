package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

type serveFlags struct {
	addr                   string
	projectID              string
	publicKey, privateKey  string
	clientID, clientSecret string
	buckets                int
	providers              []string
	seed                   uint64
	noRateLimit            bool
	challengeErrorCode     bool
	faults                 []string
	state                  string // file
	tls                    bool
	tlsCertificate         string // file
	quiet                  bool
}

func newServeCommand() *cobra.Command {
	var flags serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a fake Atlas to test against",
		Long:  serveHelp(),
		Example: `  exportbuckets serve
  exportbuckets serve --addr 127.0.0.1:9000 --buckets 250 --fault status=503,on=list,times=2
  exportbuckets serve --state state.json --tls --tls-cert fake.pem
  curl --digest --user fakepubl:` + fakeatlas.DefaultPrivateKey + ` \
    --header 'Accept: application/vnd.atlas.2024-05-30+json' \
    http://127.0.0.1:8080/api/atlas/v2/groups`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return flags.run(cmd) },
	}
	flags.register(cmd.Flags())
	completeFlag(cmd, "fault", completeFault)
	completeFlag(cmd, "providers", completeProviders)
	for _, name := range []string{"addr", "project-id", "public-key", "private-key", "client-id", "client-secret", "buckets", "seed"} {
		completeFlag(cmd, name, cobra.NoFileCompletions)
	}
	return cmd
}

func (s *serveFlags) register(f *pflag.FlagSet) {
	f.StringVar(&s.addr, "addr", "127.0.0.1:8080", "address to listen on, HOST:PORT; port 0 selects a free port")
	f.StringVar(&s.projectID, "project-id", fakeatlas.DefaultProjectID, "id of the project, 24 hex digits")
	f.StringVar(&s.publicKey, "public-key", fakeatlas.DefaultPublicKey, "public key to accept")
	f.StringVar(&s.privateKey, "private-key", fakeatlas.DefaultPrivateKey, "private key to accept")
	f.StringVar(&s.clientID, "client-id", fakeatlas.DefaultClientID, "client id to accept")
	f.StringVar(&s.clientSecret, "client-secret", fakeatlas.DefaultClientSecret, "client secret to accept")
	f.IntVar(&s.buckets, "buckets", 0, "number of buckets in the project")
	f.StringSliceVar(&s.providers, "providers", []string{"AWS"}, "cloud providers of the buckets of --buckets, in turn")
	f.Uint64Var(&s.seed, "seed", 1, "seed for generated ids and fault probabilities")
	f.BoolVar(&s.noRateLimit, "no-rate-limit", false, "never respond with 429 for too many requests, and allow any number of tokens")
	f.BoolVar(&s.challengeErrorCode, "challenge-error-code", false, "send an errorCode with the 401 challenge, as Atlas sometimes does")
	f.StringArrayVar(&s.faults, "fault", nil, "fault to inject, see above")
	f.StringVar(&s.state, "state", "", "JSON file with the projects and buckets to start with")
	f.BoolVar(&s.tls, "tls", false, "serve HTTPS with a newly generated certificate")
	f.StringVar(&s.tlsCertificate, "tls-cert", "", "file to write the certificate of --tls to (default a temporary file)")
	f.BoolVarP(&s.quiet, "quiet", "q", false, "do not log requests")
}

// serveHelp is the text of serve --help, without its flags.
func serveHelp() string {
	return `Runs a fake Atlas with the five operations on export buckets, Digest and OAuth 2.0
authentication, until it is interrupted. It also responds to the requests for projects,
organizations and clusters that Terraform and the Atlas CLI send. Its state is in memory.

Once it listens, it prints its URL and credentials as environment variables to standard
output. It logs a line for each request to standard error. If the log is not read fast
enough, lines are dropped and counted, so that requests never wait for it. Pass only test
credentials in the flags.

For tests in any language it has control endpoints, which need no credentials: GET
/_fake/health, POST /_fake/reset, GET or PUT /_fake/state, GET /_fake/requests, and GET,
PUT or DELETE /_fake/faults. See docs/serve.md. --state FILE sets the initial state, in
the format of GET /_fake/state. With --tls it also prints SSL_CERT_FILE and
NODE_EXTRA_CA_CERTS: the file with the certificate that clients must trust.

--fault injects a fault, and can be repeated:

  KIND[=VALUE][,KEY=VALUE]...

` + faultHelp() + `
These keys limit when a fault applies:

  on=OPERATION         only this operation: list, create, get, update, delete, token, revoke, list-projects, get-project, list-clusters, get-cluster, list-organizations, get-organization, or challenge, which is a request without credentials
  project=ID bucket=ID only requests to this project or bucket
  account=NAME         only requests with this public key or client id
  page=N               only this page of a list
  after=N              not the first N requests
  times=N              at most N requests
  p=PROBABILITY        only with this probability, from 0 (never) to 1 (always)

These keys set the error of the kinds status and rate-limit:

  code=CODE            errorCode of the error
  detail=TEXT          detail of the error; in double quotes if it has commas
  parameters=JSON      parameters of the error: a JSON list, or null

A request that carries credentials can ask for a fault itself, with a header such as
"Prefer: code=503", "Prefer: latency=2s" or "Prefer: status=400; code=INVALID_JSON".`
}

// faultHelp returns a table of the kinds of faults.
func faultHelp() string {
	var b strings.Builder
	for _, kind := range fakeatlas.FaultKinds() {
		fmt.Fprintf(&b, "  %-20s %s\n", kind.Spelling, kind.Does)
	}
	return b.String()
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	opts, err := f.options(cmd)
	if err != nil {
		return err
	}
	if !f.quiet {
		log := newLossyLog(cmd.ErrOrStderr())
		defer log.close()
		opts = append(opts, fakeatlas.Logger(requestLogger(log)))
	}
	srv, err := fakeatlas.Start(opts...)
	if err != nil {
		return flagWords(err)
	}
	needsGrace(cmd.Context())
	certificate, err := f.writeCertificate(srv)
	if err != nil {
		return errors.Join(err, srv.Close())
	}
	if f.tlsCertificate == "" && certificate != "" {
		defer func() { _ = os.Remove(certificate) }()
	}
	out := &stickyWriter{out: cmd.OutOrStdout()}
	printServer(out, srv, certificate)
	if out.err != nil { // a client needs the URL that is printed
		return errors.Join(out.err, srv.Close())
	}
	<-cmd.Context().Done()
	return srv.Close()
}

func (f *serveFlags) options(cmd *cobra.Command) ([]fakeatlas.Option, error) {
	faults, err := parseFaults(f.faults)
	if err != nil {
		return nil, err
	}
	providers, err := parseProviders(f.providers)
	if err != nil {
		return nil, err
	}
	opts := []fakeatlas.Option{
		fakeatlas.Address(f.addr), fakeatlas.ProjectID(f.projectID), fakeatlas.Seed(f.seed),
		fakeatlas.APIKey(f.publicKey, f.privateKey), fakeatlas.ServiceAccount(f.clientID, f.clientSecret),
		fakeatlas.Buckets(f.buckets, providers...), fakeatlas.Inject(faults...),
		fakeatlas.Control(), fakeatlas.KeepRequests(keptRequests),
	}
	if f.state != "" {
		state, err := readState(cmd, f.state)
		if err != nil {
			return nil, err
		}
		opts = append(opts, fakeatlas.State(state))
	}
	if f.tls {
		opts = append(opts, fakeatlas.TLS())
	} else if f.tlsCertificate != "" {
		return nil, errors.New("--tls-cert needs --tls")
	}
	if f.challengeErrorCode {
		opts = append(opts, fakeatlas.ChallengeErrorCode())
	}
	if f.noRateLimit {
		opts = append(opts, fakeatlas.NoRateLimit())
	}
	return opts, nil
}

// keptRequests is the number of requests that GET /_fake/requests shows, the newest ones.
// Their bodies take at most 64 MB.
const keptRequests = 1000

// fakeOption matches an option of package fakeatlas in one of its errors.
var fakeOption = regexp.MustCompile(`\b(Buckets|ProjectID)\((.*?)\)|\bState\b`)

// flagWords replaces the names of package fakeatlas by the verb's flags.
func flagWords(err error) error {
	text := strings.ReplaceAll(err.Error(), "fakeatlas: ", "")
	return errors.New(fakeOption.ReplaceAllStringFunc(text, func(call string) string {
		m := fakeOption.FindStringSubmatch(call)
		return map[string]string{"": "--state", "Buckets": "--buckets ", "ProjectID": "--project-id "}[m[1]] + m[2]
	}))
}

func parseFaults(texts []string) ([]fakeatlas.Fault, error) {
	faults := make([]fakeatlas.Fault, 0, len(texts))
	for _, text := range texts {
		fault, err := fakeatlas.ParseFault(text)
		if err != nil {
			return nil, fmt.Errorf("--fault %s", strings.TrimPrefix(err.Error(), "fakeatlas: fault "))
		}
		faults = append(faults, fault)
	}
	return faults, nil
}

func parseProviders(names []string) ([]fakeatlas.Provider, error) {
	providers := make([]fakeatlas.Provider, 0, len(names))
	for _, name := range names {
		switch p := fakeatlas.Provider(strings.ToUpper(name)); p {
		case fakeatlas.AWS, fakeatlas.Azure, fakeatlas.GCP:
			providers = append(providers, p)
		default:
			return nil, fmt.Errorf("--providers: unknown provider %q; must be AWS, AZURE or GCP", name)
		}
	}
	return providers, nil
}

// printServer prints the URL and the credentials of the fake as shell assignments, with
// the names that the Atlas CLI knows.
func printServer(w io.Writer, srv *fakeatlas.Server, certificate string) {
	variables := [][2]string{
		{"MONGODB_ATLAS_BASE_URL", srv.URL},
		{"MONGODB_ATLAS_PROJECT_ID", srv.ProjectID},
		{"MONGODB_ATLAS_PUBLIC_API_KEY", srv.PublicKey},
		{"MONGODB_ATLAS_PRIVATE_API_KEY", srv.PrivateKey},
		{"MONGODB_ATLAS_CLIENT_ID", srv.ClientID},
		{"MONGODB_ATLAS_CLIENT_SECRET", srv.ClientSecret},
	}
	if certificate != "" {
		variables = append(variables, [2]string{"SSL_CERT_FILE", certificate}, [2]string{"NODE_EXTRA_CA_CERTS", certificate})
	}
	for _, v := range variables {
		fmt.Fprintf(w, "%s=%s\n", v[0], phrase.ShellWord(v[1]))
	}
}
