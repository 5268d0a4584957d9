package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlas-exportbuckets/exportbuckets/client"
)

type createFlags struct {
	bucketFlags
	provider          string
	bucketName        string
	roleID            string
	serviceURL        string
	privateNetworking bool
	ifAbsent          bool
}

var providerNames = []string{"aws", "azure", "gcp"}

func newCreateCommand() *cobra.Command {
	var flags createFlags
	cmd := &cobra.Command{
		Use:   "create --provider aws|azure|gcp --role-id ID ...",
		Short: "Add an export bucket to a project",
		Long: `Adds an export bucket to a project, so that Atlas can export snapshots to an object store.
The object store must exist, and the cloud provider access role must have access to it.

  aws     --bucket-name and --role-id; optional: --require-private-networking
  azure   --service-url and --role-id; --bucket-name if the URL does not include the container
  gcp     --bucket-name and --role-id

The role id is Atlas's id of a cloud provider access role, not an ARN.

Atlas does not detect duplicates: adding the same object store twice makes two export
buckets. With --if-absent, the export buckets of the project are listed first, and one
with the same values is shown instead of creating another. Then it is safe to run the
command again.
--dry-run prints the request and does not send it.

Credentials: see ` + "`exportbuckets help credentials`" + `.

` + bucketExitCodes(),
		Example: `  exportbuckets create --provider aws --bucket-name snaps --role-id c0fa4ea71a50000000000001
  exportbuckets create --provider azure --role-id c0fa4ea71a50000000000001 \
    --service-url https://examplestorageaccount.blob.core.windows.net/snaps
  exportbuckets create --if-absent --provider gcp --bucket-name snaps --role-id c0fa4ea71a50000000000001
  exportbuckets create --dry-run --provider gcp --bucket-name snaps --role-id c0fa4ea71a50000000000001`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return flags.runCreate(cmd) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.provider, "provider", "", "cloud provider: "+strings.Join(providerNames, ", "))
	f.StringVar(&flags.bucketName, "bucket-name", "", "name of the bucket or container, 3 to 63 characters")
	f.StringVar(&flags.roleID, "role-id", "", "Atlas's id of the role that has access to the store, 24 hex digits")
	f.StringVar(&flags.serviceURL, "service-url", "", "address of the Azure storage account, with or without the container")
	f.BoolVar(&flags.privateNetworking, "require-private-networking", false, "export over AWS PrivateLink")
	f.BoolVar(&flags.ifAbsent, "if-absent", false, "create nothing if the project has an export bucket with these values")
	f.SetNormalizeFunc(createNames)
	flags.register(cmd)
	flags.registerDryRun(cmd)
	completeFlag(cmd, "provider", cobra.FixedCompletions(providerNames, cobra.ShellCompDirectiveNoFileComp))
	for _, name := range []string{"bucket-name", "role-id", "service-url"} {
		completeFlag(cmd, name, cobra.NoFileCompletions)
	}
	return cmd
}

// createNames also accepts the API's field names as flags.
func createNames(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	switch name {
	case "cloud-provider":
		name = "provider"
	case "iam-role-id":
		name = "role-id"
	}
	return pflag.NormalizedName(name)
}

func (f *createFlags) runCreate(cmd *cobra.Command) error {
	target, err := f.target(cmd.Flags())
	if err != nil {
		return err
	}
	return f.run(cmd, operation{
		doing: "create an export bucket on " + string(target.Provider()), method: http.MethodPost, changes: true,
		check: func(ctx context.Context, c *client.Client) error {
			_, err := c.Create(ctx, "", target)
			return err
		},
		run: func(ctx context.Context, s *session) error { return f.create(ctx, s, target) },
	})
}

func (f *createFlags) create(ctx context.Context, s *session, target client.Target) error {
	if !f.ifAbsent {
		b, err := s.client.Create(ctx, "", target)
		return s.show(b, err)
	}
	b, created, err := s.client.Ensure(ctx, "", target)
	if err == nil && !created {
		s.note("nothing was created: the project has an export bucket with these values")
	}
	return s.show(b, err)
}

// providerForm lists the flags of a provider.
type providerForm struct {
	name         string
	needs, takes []string // flags
	target       func(*createFlags) client.Target
}

var providerForms = []providerForm{
	{"aws", []string{"bucket-name", "role-id"}, []string{"require-private-networking"}, func(f *createFlags) client.Target {
		return client.AWS{BucketName: f.bucketName, IAMRoleID: f.roleID, RequirePrivateNetworking: f.privateNetworking}
	}},
	{"azure", []string{"role-id", "service-url"}, []string{"bucket-name"}, func(f *createFlags) client.Target {
		return client.Azure{BucketName: f.bucketName, RoleID: f.roleID, ServiceURL: f.serviceURL}
	}},
	{"gcp", []string{"bucket-name", "role-id"}, nil, func(f *createFlags) client.Target {
		return client.GCP{BucketName: f.bucketName, RoleID: f.roleID}
	}},
}

// target returns the target that the flags describe. The client checks each field.
func (f *createFlags) target(given *pflag.FlagSet) (client.Target, error) {
	if f.provider == "" {
		return nil, errors.New("name the cloud provider with --provider aws, azure or gcp; see `exportbuckets create --help`")
	}
	for _, form := range providerForms {
		if strings.EqualFold(f.provider, form.name) {
			return form.target(f), form.check(given)
		}
	}
	return nil, fmt.Errorf("--provider must be %s; got %s", oneOf(providerNames), quoteFlag(f.provider))
}

// check returns an error for missing flags and for flags of other providers.
func (p *providerForm) check(given *pflag.FlagSet) error {
	var missing []string
	for _, name := range p.needs {
		if given.Lookup(name).Value.String() == "" {
			missing = append(missing, "--"+name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("--provider %s needs %s; see `exportbuckets create --help`", p.name, strings.Join(missing, " and "))
	}
	for _, name := range []string{"bucket-name", "service-url", "require-private-networking"} {
		if given.Changed(name) && !slices.Contains(p.needs, name) && !slices.Contains(p.takes, name) {
			return fmt.Errorf("--%s is not for --provider %s", name, p.name)
		}
	}
	return nil
}
