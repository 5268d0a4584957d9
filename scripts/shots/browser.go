package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// findBrowser returns the path of a Chromium or Chrome. It installs Debian's if
// there is none.
func findBrowser(ctx context.Context) (string, error) {
	names := []string{os.Getenv("CHROME"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}
	for _, name := range names {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path, nil
		}
	}
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return "", errors.New("no Chromium found: install one (Debian: apt-get install chromium) or name it in CHROME")
	}
	fmt.Fprintln(os.Stderr, "shots: installing Debian's chromium")
	for _, args := range [][]string{{"update", "-q"}, {"install", "-q", "-y", "chromium"}} {
		cmd := exec.CommandContext(ctx, "apt-get", args...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("apt-get %s: %w", args[0], err)
		}
	}
	return exec.LookPath("chromium")
}

// tab records the requests and the log entries of one page in a browser.
type tab struct {
	mu       sync.Mutex
	requests []string
	logged   []string
}

// open starts a browser with an empty profile and without this process's
// environment, which may contain credentials. The context returned is the browser's;
// done ends it.
func (t *tab) open(ctx context.Context, chrome string) (browser context.Context, done context.CancelFunc, err error) {
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(chrome), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, // as root in a container, neither is available
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"),
		// Only this machine can be reached.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.NoInheritEnv, chromedp.Env("PATH="+os.Getenv("PATH"), "HOME="+os.TempDir(), "LANG=C.UTF-8"),
	}
	ctx, stopBrowser := chromedp.NewExecAllocator(ctx, options...)
	ctx, stopTab := chromedp.NewContext(ctx, chromedp.WithListener(t.handleEvent))
	done = func() { stopTab(); stopBrowser() }
	_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	for _, enable := range []cdp.Command[cdp.Empty, cdp.Empty]{log.Enable, runtime.Enable} {
		if err == nil {
			_, err = chromedp.Call(ctx, enable, cdp.Empty{})
		}
	}
	if err != nil {
		done()
		return nil, nil, fmt.Errorf("start %s: %w", chrome, err)
	}
	return ctx, done, nil
}

func (t *tab) handleEvent(event any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		t.requests = append(t.requests, e.Request.URL)
	case *log.EventEntryAdded:
		t.logged = append(t.logged, fmt.Sprintf("%s %s: %s", e.Entry.Source, e.Entry.Level, e.Entry.Text))
	case *runtime.EventExceptionThrown:
		t.logged = append(t.logged, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		t.logged = append(t.logged, "console."+string(e.Type))
	}
}

// problems returns the log entries, and every request except the page's own.
func (t *tab) problems(page string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	found := slices.Clone(t.logged)
	for _, r := range t.requests {
		if u, err := url.Parse(r); err != nil || r != page && u.Scheme != "data" {
			found = append(found, "requested "+r)
		}
	}
	return found
}
