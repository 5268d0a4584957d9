package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// maxKeystroke bounds the work of the page for one keystroke in its search field.
const maxKeystroke = time.Second

//go:embed speed.js
var speedScript string

// keystrokes are the contents of the search field after each keystroke, with which few, all
// and no entries match.
var keystrokes = []string{"f", "fi", "field12", "field1", "zz", ""}

// cost is the time that a reader waits. That time varies on a busy machine; work is the CPU
// time of the page's own thread.
type cost struct{ time, work time.Duration }

func (c cost) String() string {
	return fmt.Sprintf("%.2f s (%.2f s of work)", c.time.Seconds(), c.work.Seconds())
}

// measure prints how long the page takes to load and to search. It fails if a
// keystroke takes more work than maxKeystroke.
func measure(ctx context.Context, w io.Writer, chrome, page string) error {
	ctx, cancel := context.WithTimeout(ctx, perPage)
	defer cancel()
	site, err := serve(ctx, page)
	if err != nil {
		return err
	}
	defer site.close()
	browser, done, err := (&tab{}).open(ctx, chrome)
	if err != nil {
		return err
	}
	defer done()
	loading := performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}
	if _, err := chromedp.Call(browser, performance.Enable, loading); err != nil {
		return err
	}
	load, err := costOf(browser, func() error {
		if err := views[0].load(browser, site.url); err != nil {
			return err
		}
		return search(browser, "")
	})
	if err != nil {
		return err
	}
	var longest cost
	for _, text := range keystrokes {
		c, err := costOf(browser, func() error { return search(browser, text) })
		if err != nil {
			return err
		}
		longest.time, longest.work = max(longest.time, c.time), max(longest.work, c.work)
	}
	fmt.Fprintf(w, "%s: loaded in %s, a keystroke in %s at most\n", page, load, longest)
	if longest.work > maxKeystroke {
		return fmt.Errorf("a keystroke takes more than %s of CPU time", maxKeystroke)
	}
	return nil
}

// search puts text into the search field and waits until the result is painted.
func search(ctx context.Context, text string) error {
	_, err := chromedp.Run(ctx, chromedp.Evaluate[float64](fmt.Sprintf("(%s)(%q)", speedScript, text), chromedp.EvalAwaitPromise))
	return err
}

func costOf(ctx context.Context, do func() error) (cost, error) {
	before, err := workDone(ctx)
	if err != nil {
		return cost{}, err
	}
	begin := time.Now()
	if err := do(); err != nil {
		return cost{}, err
	}
	c := cost{time: time.Since(begin)}
	after, err := workDone(ctx)
	c.work = after - before
	return c, err
}

// workDone returns the CPU time of the page's thread since the page was opened.
func workDone(ctx context.Context) (time.Duration, error) {
	result, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		return 0, err
	}
	for _, m := range result.Metrics {
		if m.Name == "TaskDuration" {
			return time.Duration(m.Value * float64(time.Second)), nil
		}
	}
	return 0, errors.New("the browser has no metric TaskDuration")
}
