package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"
)

// perPage bounds one page with all its pictures.
const perPage = 2 * time.Minute

func main() {
	out := flag.String("out", ".", "folder for the pictures")
	fold := flag.Int64("fold", 0, "take the first screen alone, light and dark, of this height in pixels")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	chosen := views
	if *fold > 0 {
		chosen = folds(*fold)
	}
	if err := run(ctx, os.Stdout, *out, flag.Args(), chosen); err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

// run takes every page's pictures, names them on w, and joins what was wrong with
// any page.
func run(ctx context.Context, w io.Writer, out string, pages []string, views []view) error {
	if len(pages) == 0 {
		return errors.New("no page named: shots -out DIR PAGE.html…")
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	chrome, err := findBrowser(ctx)
	if err != nil {
		return err
	}
	var faults []error
	for _, page := range pages {
		if err := shoot(ctx, w, chrome, out, page, views); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", page, err))
		}
	}
	return errors.Join(faults...)
}

// shoot serves one page to a browser of its own and takes it from every side.
func shoot(ctx context.Context, w io.Writer, chrome, out, page string, views []view) error {
	ctx, cancel := context.WithTimeout(ctx, perPage)
	defer cancel()
	site, err := serve(ctx, page)
	if err != nil {
		return err
	}
	defer site.close()
	name := strings.TrimSuffix(filepath.Base(page), filepath.Ext(page))
	var faults []error
	for _, v := range views {
		tab := &tab{}
		browser, done, err := tab.open(ctx, chrome)
		if err != nil {
			return err
		}
		err = v.take(browser, site.url, filepath.Join(out, name+"-"+v.name))
		done()
		for _, f := range append(tab.faults(site.url), site.faults()...) {
			err = errors.Join(err, errors.New(f))
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", v.name, err))
		}
		fmt.Fprintln(w, filepath.Join(out, name+"-"+v.name+".png"))
	}
	return errors.Join(faults...)
}
