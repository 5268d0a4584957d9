// Command shots takes pictures of report pages in headless Chromium and tries
// them as a reader would: light, dark, on a phone and on paper.
//
//	shots -out DIR PAGE.html…
//
// For each page it writes PAGE-light.png, PAGE-dark.png, PAGE-phone.png,
// PAGE-print.png and PAGE-print.pdf. It fails when a page logs an error or a
// warning, asks for anything beyond itself, is wider than the screen, has text of
// too little contrast (WCAG 2.1, 1.4.3), or filters wrongly.
//
// The browser is the one that CHROME names, else a Chromium or Chrome on the
// PATH, else Debian's, which it installs where it may.
//
// It is a module of its own, so that nobody who imports the client or runs the
// command downloads a browser driver.
package main
