package contracttest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
	"github.com/atlas-exportbuckets/exportbuckets/internal/report"
)

// session is one verification. It collects verdicts and builds the report.
type session struct {
	validator *validator
	reader    *recording.Reader
	groups    groups
	coverage  *coverage
	summary   Summary

	unreadable []Unreadable
	errs       []error
	bodyFile   string
	notJudged  []NotJudged
	unusable   bool // the operation of an exchange cannot be used
}

func newSession(in recording.Input, opts Options) (*session, error) {
	j, err := newValidator(opts)
	if err != nil {
		return nil, err
	}
	return &session{
		validator: j,
		reader: recording.NewReader(in, recording.Options{
			Workers: opts.Workers, MaxEntryBytes: opts.maxEntryBytes(), Irrelevant: j.outOfScope, Progress: opts.Progress,
		}),
		groups:   groups{most: maxFindings, room: maxFindingText},
		coverage: newCoverage(j.contract),
	}, nil
}

// verdicts validates the exchanges, several in parallel, and returns the verdicts in the
// order of the recordings.
func (s *session) verdicts(ctx context.Context) iter.Seq2[*verdict, error] {
	return recording.Each(ctx, s.reader, func(x *recording.Exchange) *verdict { //nolint:contextcheck // it validates values in memory
		v := s.validator.validate(x)
		v.compact()
		return v
	})
}

// add adds a verdict, or the error that replaces it.
func (s *session) add(v *verdict, err error) {
	if err != nil {
		s.addError(err)
		return
	}
	switch {
	case v.err != nil:
		s.unusable = true
		s.addError(v.unusable())
	case v.match == nil:
		s.summary.OutOfScope++
	default:
		s.summary.Checked++
	}
	s.summary.BodiesNotRecorded += len(v.unrecorded)
	for _, body := range v.unrecorded {
		s.bodyFile = cmp.Or(s.bodyFile, phrase.Cut(body.File, maxName))
	}
	for _, n := range v.notJudged {
		s.addNotJudged(n)
	}
	s.groups.addAll(&v.findings)
	s.coverage.add(v)
}

// maxNotJudged bounds the number of keywords listed as not judged.
const maxNotJudged = 100

func (s *session) addNotJudged(n NotJudged) {
	for i := range s.notJudged {
		if s.notJudged[i].Operation == n.Operation && s.notJudged[i].Spec.Pointer == n.Spec.Pointer {
			s.notJudged[i].Count++
			return
		}
	}
	if len(s.notJudged) < maxNotJudged {
		n.Spec.Line = s.validator.contract.Line(n.Spec.File, n.Spec.Pointer)
		s.notJudged = append(s.notJudged, n)
	}
}

// unusable returns the error for an exchange that was not validated because its operation
// cannot be used.
func (v *verdict) unusable() error {
	src := v.exchange.Source
	return &recording.ReadError{File: src.File, Entry: src.Entry, Line: src.Line, Err: v.err}
}

// maxUnreadable bounds the number of unreadable recordings and entries that are kept.
const maxUnreadable = 2000

func (s *session) addError(err error) {
	var unreadable *recording.ReadError
	if !errors.As(err, &unreadable) || len(s.errs) == maxUnreadable {
		return
	}
	s.errs = append(s.errs, (*ReadError)(unreadable))
	s.unreadable = append(s.unreadable, Unreadable{
		Recording: Recording{File: unreadable.File, Entry: unreadable.Entry, Line: unreadable.Line},
		Reason:    phrase.Cut(unreadable.Err.Error(), maxText),
	})
}

// report ends the session and returns its report.
func (s *session) report() (*Report, error) {
	coverage, unusable := s.coverage.report(s.validator.options.MinCoverage)
	s.addUnusable(unusable)
	if err := s.validator.contract.Incomplete(); err != nil && !s.unusable && len(unusable) == 0 {
		s.addUnusable([]error{err}) // otherwise the reason is known
	}
	read := s.reader.Summary()
	s.summary.Files, s.summary.Skipped, s.summary.Unanswered = read.Files, read.Skipped, read.Unanswered
	s.summary.Exchanges = s.summary.Checked + s.summary.OutOfScope
	s.summary.PreviewsLeftOut = s.validator.contract.PreviewsLeftOut()
	r := &Report{Summary: s.summary, Findings: s.groups.findings(s.validator.contract), Unreadable: s.unreadable, NotJudged: s.notJudged, contract: s.validator.contract, Corrections: s.validator.contract.Corrections(), bodyFile: s.bodyFile, subject: s.subject()}
	for _, f := range s.reader.Foreign() {
		r.SkippedRecordings = append(r.SkippedRecordings, Unreadable{Recording: Recording{File: f.File, Entry: recording.NoEntry}, Reason: f.Reason})
	}
	if r.Unreadable == nil {
		r.Unreadable = []Unreadable{}
	}
	r.count(s.groups.omittedErrors, s.groups.omittedWarnings)
	r.Coverage = coverage
	if s.summary.Checked == 0 {
		s.errs = append(s.errs, s.nothingValidated())
	}
	return r, errors.Join(s.errs...)
}

// subject returns the names of the recordings, if they have names, and of the contract.
func (s *session) subject() []report.Label {
	var labels []report.Label
	if names := s.reader.Names(); len(names) > 0 {
		labels = append(labels, report.Label{Name: "recordings", Value: strings.Join(names, " ")})
	}
	contract := "the module's own"
	if s.validator.options.Spec != nil {
		contract = cmp.Or(s.validator.options.SpecName, defaultSpecName)
	}
	return append(labels, report.Label{Name: "contract", Value: contract})
}

// addUnusable adds errors of operations that no exchange calls, or of other parts of the
// contract.
func (s *session) addUnusable(errs []error) {
	for _, err := range errs {
		if !slices.ContainsFunc(s.unreadable, func(u Unreadable) bool { return u.Reason == err.Error() }) {
			s.addError(&recording.ReadError{File: cmp.Or(s.validator.options.SpecName, defaultSpecName), Entry: recording.NoEntry, Err: err})
		}
	}
}

// nothingValidated returns the reason why no exchange was validated.
func (s *session) nothingValidated() error {
	switch sum := s.reader.Summary(); {
	case sum.Files == 0 && sum.Failed == 0 && sum.Skipped == 0:
		return fmt.Errorf("%w: there are no files", ErrNothingInScope)
	case sum.Files == 0 && sum.Failed == 0:
		return fmt.Errorf("%w: none of the %d files is a recording (HAR, go-vcr cassette or HTTP text)", ErrNothingInScope, sum.Skipped)
	case s.summary.OutOfScope > 0 && len(s.validator.options.Operations) > 0:
		return fmt.Errorf("%w: none of the %d exchanges is of a selected operation", ErrNothingInScope, s.summary.OutOfScope)
	case s.summary.OutOfScope > 0:
		return fmt.Errorf("%w: none of the %d exchanges is of a path of the contract", ErrNothingInScope, s.summary.OutOfScope)
	case len(s.errs) > 0:
		return ErrNothingInScope
	}
	return fmt.Errorf("%w: the recordings have no request with a response", ErrNothingInScope)
}
