// Command shots takes pictures of report pages in headless Chromium and operates
// them like a reader: light, dark, on a phone and on paper.
//
//	shots -out DIR [-axe axe.min.js] PAGE.html…
//	shots -speed PAGE.html…
//
// For each page it writes PAGE-light.png, PAGE-dark.png, PAGE-phone.png,
// PAGE-phone-dark.png, PAGE-print.png and PAGE-print.pdf. It fails if a page logs an error
// or a warning, requests anything except itself, is wider than the screen, has text with
// too little contrast (WCAG 2.1, 1.4.3), or filters wrongly. With -axe it fails if axe-core
// finds a violation.
//
// With -speed it measures how long each page takes to load and to search, and fails if one
// keystroke in the search field costs more than a second of CPU time.
//
// The browser is the first of these: the one that CHROME names, a Chromium or Chrome on the
// PATH, and Debian's, which the command installs if it is allowed to.
package main
