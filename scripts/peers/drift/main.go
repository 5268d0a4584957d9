// Command drift is a part of make peers. It runs oasdiff and exportbuckets drift on the
// before-and-after specifications in oasdiff's own test data, and reports each pair whose
// verdicts differ. verdicts.tsv lists the verdicts of all pairs.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

const (
	module    = "github.com/oasdiff/oasdiff@v1.37.0"
	tableFile = "scripts/peers/drift/verdicts.tsv"
	// breakPairs is the common prefix of the pairs for runs with a defect: they detect a
	// defect as well as all pairs do.
	breakPairs = "checker/request_"
)

// limit is how long either program may take for one pair. A pair that takes longer is
// reported as a hang. The slowest pair takes well under a second.
const limit = 60 * time.Second

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "peers/drift:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	data, err := dataDir(ctx)
	if err != nil {
		return err
	}
	programs, err := install(ctx)
	if err != nil {
		return err
	}
	files, err := specFiles(data)
	if err != nil {
		return err
	}
	pairs := pairUp(files)
	if programs.broken != "" {
		pairs = slices.DeleteFunc(pairs, func(p pair) bool { return !strings.HasPrefix(p.base, breakPairs) })
	}
	verdicts, err := compareAll(ctx, programs, data, pairs)
	if err != nil {
		return err
	}
	if os.Getenv("PEERS_UPDATE") != "" {
		if err := writeTable(tableFile, verdicts); err != nil {
			return err
		}
	}
	table, err := readTable(tableFile)
	if err != nil {
		return err
	}
	return report(verdicts, table).Write()
}

// compareAll runs both programs for every pair, as many pairs at a time as there are cores.
func compareAll(ctx context.Context, p programs, data string, pairs []pair) ([]verdict, error) {
	verdicts := make([]verdict, len(pairs))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, pair := range pairs {
		group.Go(func() (err error) {
			old, revised := filepath.Join(data, pair.base), filepath.Join(data, pair.revision)
			v := verdict{Pair: pair.base}
			if v.Oasdiff, err = p.askOasdiff(ctx, old, revised); err != nil {
				return err
			}
			v.Drift, err = p.askDrift(ctx, old, revised)
			verdicts[i] = v
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(verdicts, func(a, b verdict) int { return cmp.Compare(a.Pair, b.Pair) })
	return verdicts, nil
}

// report counts the verdicts, and lists the pairs where the programs differ or where
// either verdict is not the one in the table.
func report(verdicts []verdict, table []verdict) *result.Result {
	r := new(result.Result)
	_, version, _ := strings.Cut(module, "@")
	r.Version("oasdiff", version)
	counts := map[string]int{"crashes": 0, "hangs": 0}
	agreed := 0
	for _, v := range verdicts {
		switch v.Drift {
		case crashed:
			counts["crashes"]++
		case hung:
			counts["hangs"]++
		}
		if v.agrees() {
			agreed++
			counts["agreed: "+v.String()]++
			continue
		}
		r.Fail(v.Pair, v.String(), "")
	}
	r.Count("pairs", len(verdicts))
	r.Count("pairs with one verdict", agreed)
	countAll(r, counts)
	for _, change := range changes(table, verdicts) {
		r.Fail(change.Pair, "not as in verdicts.tsv", change.Text)
	}
	return r
}
