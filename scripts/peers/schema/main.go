// Command schema is a part of make peers. It runs exportbuckets verify, and kin-openapi by
// itself, on every case of the JSON Schema Test Suite: draft 4 in specifications of OpenAPI
// 3.0, and 2020-12 in specifications of OpenAPI 3.1. It reports each case where verify and
// the suite differ.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/gotool"
	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

// modernModule contains the suite of 2020-12 in its test data.
const modernModule = "github.com/google/jsonschema-go@v0.4.3"

// suite is one draft of the test suite.
type suite struct {
	name    string
	openapi string // the OpenAPI version of the specifications that contain its schemas
	dir     string
	foreign func(schema any) []string // features of a schema that the version of OpenAPI lacks
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "peers/schema:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	suites, r, err := findSuites(ctx)
	if err != nil {
		return err
	}
	v := verifier{exe: os.Getenv("EXPORTBUCKETS"), work: os.Getenv("PEERS_WORK"), broken: os.Getenv("PEERS_BREAK")}
	if v.exe == "" || v.work == "" {
		return errors.New("EXPORTBUCKETS or PEERS_WORK is not set; run this through make peers")
	}
	if v.broken != "" {
		suites = suites[:1] // one suite is enough to detect a defect
	}
	for _, s := range suites {
		groups, err := readGroups(s.dir)
		if err != nil {
			return err
		}
		verdicts, err := s.validateAll(ctx, v, groups)
		if err != nil {
			return err
		}
		report(r, s.name, verdicts)
	}
	return r.Write()
}

// findSuites returns the suites, and a result with their versions.
func findSuites(ctx context.Context) ([]suite, *result.Result, error) {
	r := new(result.Result)
	debian, err := exec.CommandContext(ctx, "dpkg-query", "--show", "--showformat=${Version}", "json-schema-test-suite").Output()
	if err != nil {
		return nil, nil, fmt.Errorf("dpkg-query json-schema-test-suite: %w", err)
	}
	r.Version("JSON Schema Test Suite, draft 4 (Debian)", string(debian))
	download, err := exec.CommandContext(ctx, gotool.Name(), "mod", "download", "-json", modernModule).Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go mod download %s: %w\n%s", modernModule, err, download)
	}
	var module struct{ Dir, Version string }
	if err := json.Unmarshal(download, &module); err != nil {
		return nil, nil, err
	}
	r.Version("JSON Schema Test Suite, 2020-12 (jsonschema-go)", module.Version)
	kin, err := exec.CommandContext(ctx, gotool.Name(), "list", "-m", "-f", "{{.Version}}", "github.com/getkin/kin-openapi").Output()
	if err != nil {
		return nil, nil, fmt.Errorf("go list -m kin-openapi: %w", err)
	}
	r.Version("kin-openapi", strings.TrimSpace(string(kin)))
	return []suite{
		{"draft 4", "3.0.3", "/usr/share/json-schema-test-suite/tests/draft4", foreignTo30},
		{"2020-12", "3.1.0", filepath.Join(module.Dir, "jsonschema/testdata/draft2020-12"), foreignTo31},
	}, r, nil
}

// validateAll runs verify and kin-openapi on every case, as many groups at a time as there
// are cores. The verdicts are in the order of the cases.
func (s suite) validateAll(ctx context.Context, v verifier, groups []group) ([]verdict, error) {
	verdicts := make([][]verdict, len(groups))
	tasks, ctx := errgroup.WithContext(ctx)
	tasks.SetLimit(runtime.GOMAXPROCS(0))
	for i, g := range groups {
		tasks.Go(func() error {
			spec, err := g.specification(s.openapi)
			if err != nil {
				return err
			}
			ours, err := v.validate(ctx, fmt.Sprintf("%s-%d", s.openapi, i), spec, g)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", g.File, g.Description, err)
			}
			kin := validateByKin(spec, g)
			for j, test := range g.Tests {
				verdicts[i] = append(verdicts[i], verdict{
					name:  fmt.Sprintf("%s: %s: %s", g.File, g.Description, test.Description),
					suite: outcome(test.Valid), verify: ours[j], kin: kin[j],
					foreign: s.foreign(g.Schema),
				})
			}
			return nil
		})
	}
	if err := tasks.Wait(); err != nil {
		return nil, err
	}
	var all []verdict
	for _, of := range verdicts {
		all = append(all, of...)
	}
	return all, nil
}
