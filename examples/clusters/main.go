// Command clusters lists the clusters of a project and creates a database user for
// them, with a generated client. Credentials come from the variables that the Atlas
// CLI and Terraform use, such as MONGODB_ATLAS_CLIENT_ID and
// MONGODB_ATLAS_CLIENT_SECRET; the user's password comes from DATABASE_PASSWORD.
//
//	clusters PROJECT-ID USERNAME
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"

	"github.com/atlas-exportbuckets/exportbuckets/client"

	"example.com/clusters/atlas"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: clusters PROJECT-ID USERNAME")
	}
	password := os.Getenv("DATABASE_PASSWORD")
	if password == "" {
		return errors.New("DATABASE_PASSWORD is empty: set it to the password of the new user")
	}
	auth, err := client.AuthFromEnv()
	if err != nil {
		return err
	}
	base := cmp.Or(os.Getenv("MONGODB_ATLAS_BASE_URL"), client.DefaultBaseURL)
	hc, err := client.NewHTTPClient(auth, client.WithBaseURL(base))
	if err != nil {
		return err
	}
	defer func() { _ = client.CloseHTTPClient(context.WithoutCancel(ctx), hc) }() // revokes the token
	api, err := atlas.NewClientWithResponses(base, atlas.WithHTTPClient(hc))
	if err != nil {
		return err
	}
	names, err := clusterNames(ctx, api, args[0])
	if err != nil {
		return err
	}
	for _, name := range names {
		fmt.Println(name)
	}
	return createReader(ctx, api, args[0], args[1], password)
}

// clusterNames lists the first page of a project's clusters.
func clusterNames(ctx context.Context, api *atlas.ClientWithResponses, projectID string) ([]string, error) {
	res, err := api.ListClustersWithResponse(ctx, projectID, &atlas.ListClustersParams{})
	if err != nil {
		return nil, err
	}
	if res.JSON200 == nil {
		return nil, fmt.Errorf("listing clusters: %s: %s", res.Status(), res.Body)
	}
	var names []string
	for _, cluster := range res.JSON200.Results {
		if cluster.Name != nil {
			names = append(names, *cluster.Name)
		}
	}
	return names, nil
}

// createReader creates a database user that may read every database of the project.
// The request is a POST, so it is retried only if Atlas certainly did not execute it.
func createReader(ctx context.Context, api *atlas.ClientWithResponses, projectID, username, password string) error {
	res, err := api.CreateDatabaseUserWithResponse(ctx, projectID, nil, atlas.CloudDatabaseUser{
		DatabaseName: "admin", Username: username, Password: &password,
		Roles: []atlas.DatabaseUserRole{{DatabaseName: "admin", RoleName: "readAnyDatabase"}},
	})
	switch {
	case errors.Is(err, client.ErrOutcomeUnknown):
		return fmt.Errorf("the user may have been created: %w", err)
	case err != nil:
		return err
	case res.StatusCode() != http.StatusCreated:
		return fmt.Errorf("creating the user: %s: %s", res.Status(), res.Body)
	}
	fmt.Println("created", username)
	return nil
}
