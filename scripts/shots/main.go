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

// perPage is the time limit for one page with all its pictures.
const perPage = 2 * time.Minute

func main() {
	out := flag.String("out", ".", "folder for the pictures")
	speed := flag.Bool("speed", false, "measure how long the pages take to load and to search, and take no pictures")
	axe := flag.String("axe", "", "path of axe-core's axe.min.js, whose rules are checked too")
	fold := flag.Int64("fold", 0, "take only the first screen, of this height in pixels, light and dark")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	j := job{out: *out, views: views, speed: *speed}
	if *fold > 0 {
		j.views = folds(*fold)
	}
	err := j.readAxe(*axe)
	if err == nil {
		err = j.run(ctx, os.Stdout, flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

// job is the task for each page.
type job struct {
	out   string // folder for the pictures
	views []view
	speed bool   // measure instead of taking pictures
	axe   string // source of axe-core, or ""
}

// readAxe reads axe-core's script; it returns "" for an empty path.
func (j *job) readAxe(path string) error {
	if path == "" {
		return nil
	}
	source, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("-axe: %w", err)
	}
	j.axe = string(source)
	return nil
}

// run does the job with every page, prints the names of the pictures or the times
// to w, and joins the problems of all pages.
func (j job) run(ctx context.Context, w io.Writer, pages []string) error {
	if len(pages) == 0 {
		return errors.New("no page named: shots -out DIR PAGE.html…")
	}
	if err := os.MkdirAll(j.out, 0o755); err != nil {
		return err
	}
	chrome, err := findBrowser(ctx)
	if err != nil {
		return err
	}
	var problems []error
	for _, page := range pages {
		if j.speed {
			err = measure(ctx, w, chrome, page)
		} else {
			err = j.shoot(ctx, w, chrome, page)
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", page, err))
		}
	}
	return errors.Join(problems...)
}

// shoot serves one page to a separate browser for each view, and takes its picture.
func (j job) shoot(ctx context.Context, w io.Writer, chrome, page string) error {
	ctx, cancel := context.WithTimeout(ctx, perPage)
	defer cancel()
	site, err := serve(ctx, page)
	if err != nil {
		return err
	}
	defer site.close()
	name := strings.TrimSuffix(filepath.Base(page), filepath.Ext(page))
	var problems []error
	for _, v := range j.views {
		tab := &tab{}
		browser, done, err := tab.open(ctx, chrome)
		if err != nil {
			return err
		}
		path := filepath.Join(j.out, name+"-"+v.name)
		err = v.take(browser, site.url, path, j.axe)
		done()
		for _, f := range append(tab.problems(site.url), site.problems()...) {
			err = errors.Join(err, errors.New(f))
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", v.name, err))
		}
		fmt.Fprintln(w, path+".png")
	}
	return errors.Join(problems...)
}
