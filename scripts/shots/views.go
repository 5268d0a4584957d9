package main

import (
	"context"
	_ "embed"
	"errors"
	"os"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// view is one way of looking at a page.
type view struct {
	name          string
	width, height int64
	scale         float64
	mobile        bool
	media, scheme string
	fold          bool // only the first screen
}

var views = []view{
	{"light", 1200, 900, 1, false, "screen", "light", false},
	{"dark", 1200, 900, 1, false, "screen", "dark", false},
	{"phone", 360, 740, 2, true, "screen", "light", false},
	{"phone-dark", 360, 740, 2, true, "screen", "dark", false},
	{"print", 794, 1123, 1, false, "print", "light", false}, // A4 at 96 dpi
}

// folds are the pictures for a README: the first screen, light and dark.
func folds(height int64) []view {
	return []view{
		{"light", 1200, height, 1, false, "screen", "light", true},
		{"dark", 1200, height, 1, false, "screen", "dark", true},
	}
}

var (
	//go:embed check.js
	checkScript string
	//go:embed axe.js
	axeScript string
)

// take loads the page, takes its picture, for paper also as PDF, and checks the page, also
// with axe-core if its source is given. The error joins all problems.
func (v view) take(ctx context.Context, url, path, axe string) error {
	if err := v.load(ctx, url); err != nil {
		return err
	}
	picture := chromedp.FullScreenshot(100)
	if v.fold {
		picture = chromedp.CaptureScreenshot()
	}
	if err := save(ctx, path+".png", picture); err != nil {
		return err
	}
	if v.media == "print" {
		pdf := chromedp.PrintToPDF(chromedp.PDFPrintBackground(), chromedp.PDFPreferCSSPageSize())
		if err := save(ctx, path+".pdf", pdf); err != nil {
			return err
		}
	}
	scripts := []string{checkScript}
	if axe != "" {
		scripts = []string{axe + ";" + axeScript, checkScript}
	}
	var problems []error
	for _, script := range scripts {
		found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](script, chromedp.EvalAwaitPromise))
		problems = append(problems, err)
		for _, f := range found {
			problems = append(problems, errors.New(f))
		}
	}
	return errors.Join(problems...)
}

func (v view) load(ctx context.Context, url string) error {
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.width, Height: v.height, DeviceScaleFactor: v.scale, Mobile: v.mobile,
	})
	if err != nil {
		return err
	}
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: v.media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
	})
	if err != nil {
		return err
	}
	return chromedp.Do(ctx, chromedp.Navigate(url))
}

func save(ctx context.Context, path string, take chromedp.Action[[]byte]) error {
	data, err := chromedp.Run(ctx, take)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}
