package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/internal/table"
)

type deleteFlags struct {
	bucketFlags
	yes      bool
	ifExists bool
}

func newDeleteCommand() *cobra.Command {
	var flags deleteFlags
	cmd := &cobra.Command{
		Use:   "delete BUCKET_ID",
		Short: "Remove an export bucket from a project",
		Long: `Removes an export bucket from a project: Atlas no longer exports to it. The object
store and the exported snapshots remain.

It shows the export bucket and asks for confirmation: y or yes. --yes skips the
question, and is required without a terminal. Atlas refuses to remove the bucket while
any cluster of the project has automatic exports to it.

Credentials: see ` + "`exportbuckets help credentials`" + `.

` + bucketExitCodes(exitDeclined, exitInUse),
		Example: `  exportbuckets delete 6657c1810000000001000001
  exportbuckets delete 6657c1810000000001000001 --yes --if-exists`,
		Args:              bucketID,
		ValidArgsFunction: flags.completeIDs,
		RunE:              func(cmd *cobra.Command, args []string) error { return flags.runDelete(cmd, args[0]) },
	}
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "don't ask")
	cmd.Flags().BoolVar(&flags.ifExists, "if-exists", false, "succeed when there is no such export bucket")
	flags.register(cmd)
	flags.registerDryRun(cmd)
	return cmd
}

func (f *deleteFlags) runDelete(cmd *cobra.Command, id string) error {
	person := terminal{in: cmd.InOrStdin(), err: cmd.ErrOrStderr()}
	if !f.yes && !f.dryRun && !person.canAsk() {
		return errors.New("refused: there is no terminal to ask on\nNext: pass --yes to delete without being asked")
	}
	return f.run(cmd, operation{
		doing: "delete export bucket " + quoteFlag(id), method: http.MethodDelete, changes: true,
		check: func(ctx context.Context, c *client.Client) error { return c.Delete(ctx, "", id) },
		run:   func(ctx context.Context, s *session) error { return f.delete(ctx, s, id) },
	})
}

func (f *deleteFlags) delete(ctx context.Context, s *session, id string) error {
	var err error
	switch {
	case f.dryRun:
		_, err = s.client.Get(ctx, "", id)
	case !f.yes:
		err = confirm(ctx, s, id)
	}
	if err != nil {
		return f.allowMissing(s, id, err)
	}
	if err := s.client.Delete(ctx, "", id); err != nil {
		return f.allowMissing(s, id, err)
	}
	return f.printResult(s, id, true)
}

// allowMissing returns nil if the bucket does not exist and --if-exists is set, else err. A
// missing project is still an error.
func (f *deleteFlags) allowMissing(s *session, id string, err error) error {
	if !f.ifExists || !errors.Is(err, client.ErrBucketNotFound) {
		return err
	}
	return f.printResult(s, id, false)
}

// printResult prints what happened, unless Atlas's own responses are printed.
func (f *deleteFlags) printResult(s *session, id string, deleted bool) (err error) {
	switch {
	case s.raw != nil:
	case f.output == formatTable && deleted:
		_, err = fmt.Fprintf(s.out, "deleted export bucket %s\n", id)
	case f.output == formatTable:
		_, err = fmt.Fprintf(s.out, "export bucket %s does not exist: nothing to delete\n", id)
	case f.output == formatYAML:
		err = writeYAML(s.out, &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{
			yamlText("_id"), yamlText(id), yamlText("deleted"), {Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(deleted)},
		}})
	default:
		err = json.NewEncoder(s.out).Encode(struct {
			ID      string `json:"_id"`
			Deleted bool   `json:"deleted"`
		}{id, deleted})
	}
	return err
}

// confirm shows the bucket and asks for confirmation. Any answer except y and yes ends
// the command.
func confirm(ctx context.Context, s *session, id string) error {
	b, err := s.client.Get(ctx, "", id)
	if err != nil {
		return err
	}
	s.progress.suspend(true)
	defer s.progress.suspend(false)
	s.note("This export bucket of project %s will be removed; the exported snapshots remain:\n", s.client.ProjectID())
	if err := table.Card(s.notes, bucketFields(b)...); err != nil {
		return err
	}
	answer, err := s.terminal.ask(ctx, "\nRemove it? [y/N] ")
	switch {
	case ctx.Err() != nil:
		return &exitError{exitInterrupted, errors.New("interrupted; nothing was deleted")}
	case err != nil && !errors.Is(err, errNoAnswer):
		return err
	}
	if answer = strings.ToLower(answer); answer != "y" && answer != "yes" {
		return &exitError{exitDeclined, errors.New("not deleted: the answer was no")}
	}
	return nil
}
