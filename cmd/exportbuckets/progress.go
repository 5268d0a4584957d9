package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/termtext"
)

const (
	// progressAfter is the time after which progress is shown.
	progressAfter = time.Second
	// progressEvery is the time between two drawings.
	progressEvery = 150 * time.Millisecond
	// barWidth is the width of the bar itself, in columns.
	barWidth = 20
	// minBarTerminal is the width of a terminal, in columns, from which on a bar is shown. A
	// narrower terminal shows only the text, which would be too short next to a bar.
	minBarTerminal = 72
	// maxProgressText is the widest text next to the bar, in columns.
	maxProgressText = 44
)

// progress shows the progress of work on a terminal, once the work takes longer than a
// second. Without a terminal it is nil, and its methods do nothing.
type progress struct {
	out   io.Writer
	stop  chan struct{}
	ended chan struct{} // closed when the drawing goroutine has ended

	mu          sync.Mutex
	what, note  string
	done, total int
	bar         *progressbar.ProgressBar
	barTotal    int  // the total that bar was created for, 0 for a spinner
	drawn       bool // the bar is visible on the terminal
	suspended   bool
}

// startProgress starts to show the progress of the work that what names. The caller must
// call finish.
func startProgress(stderr io.Writer, what string) *progress {
	if terminalFile(stderr) == nil || os.Getenv("TERM") == "dumb" {
		return nil
	}
	p := &progress{out: stderr, what: what, stop: make(chan struct{}), ended: make(chan struct{})}
	go p.watch()
	return p
}

func (p *progress) watch() {
	defer close(p.ended)
	wait := time.NewTimer(progressAfter)
	defer wait.Stop()
	for {
		select {
		case <-p.stop:
			return
		case <-wait.C:
			p.draw()
			wait.Reset(progressEvery)
		}
	}
}

// finish ends the drawing and clears the line.
func (p *progress) finish() {
	if p == nil {
		return
	}
	close(p.stop)
	<-p.ended
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// advance sets how much is done and the total; 0 for an unknown total.
func (p *progress) advance(done, total int) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total, p.note = done, total, ""
}

// say shows a note instead of the work's name until the work advances.
func (p *progress) say(note string) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.note = note
}

// suspend removes the progress from the terminal while the user is asked a question.
func (p *progress) suspend(on bool) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	p.suspended = on
}

func (p *progress) draw() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.suspended {
		return
	}
	width := terminalWidth(p.out)
	total := p.total
	if width < minBarTerminal {
		total = 0
	}
	if p.bar == nil || total != p.barTotal {
		p.bar, p.barTotal = newBar(p.out, total), total
	}
	text := p.what
	if p.note != "" {
		text = p.note
	}
	p.clear()
	p.drawn = true
	// An error of writing to the terminal cannot be reported anywhere.
	if total > 0 {
		_ = p.bar.Set(min(p.done, total-1)) // a full bar would end, but the last page may still take time
	}
	p.bar.Describe(termtext.Cut(termtext.Visible(text), progressText(width, total)))
}

// progressText returns how wide the text may be on a terminal of the given width for the
// line not to wrap: clear removes only one line.
func progressText(width, total int) int {
	others := len("| ") + len("   ")
	if total > 0 {
		others = len(" 100% |") + barWidth + len("| (/)   ") + 2*len(strconv.Itoa(total))
	}
	return min(width-others, maxProgressText)
}

// newBar returns a bar, or a spinner for an unknown total (0).
func newBar(out io.Writer, total int) *progressbar.ProgressBar {
	size := -1
	opts := []progressbar.Option{
		progressbar.OptionSetWriter(out), progressbar.OptionSetWidth(barWidth),
		progressbar.OptionUseANSICodes(true), progressbar.OptionSetSpinnerChangeInterval(0),
		progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
	}
	if total > 0 {
		size = total
		opts = append(opts, progressbar.OptionShowCount())
	}
	return progressbar.NewOptions(size, opts...)
}

// clear removes the bar from the terminal. The caller must hold the lock.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.out, "\r\x1b[2K")
		p.drawn = false
	}
}

// clearing returns a writer that removes the progress from the terminal before it writes to
// w, if w is a terminal.
func (p *progress) clearing(w io.Writer) io.Writer {
	if p == nil || terminalFile(w) == nil {
		return w
	}
	return &clearingWriter{progress: p, out: w}
}

type clearingWriter struct {
	progress *progress
	out      io.Writer
}

func (b *clearingWriter) Write(data []byte) (int, error) {
	b.progress.mu.Lock()
	defer b.progress.mu.Unlock()
	b.progress.clear()
	return b.out.Write(data)
}
