package contracttest

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/recording"
)

// session is one verification: verdicts come in, a report comes out.
type session struct {
	judge    *judge
	reader   *recording.Reader
	groups   groups
	coverage *coverage
	summary  Summary

	unreadable []Unreadable
	errs       []error
	broken     error // the contract cannot be used
}

func newSession(in recording.Input, opts Options) (*session, error) {
	j, err := newJudge(opts)
	if err != nil {
		return nil, err
	}
	return &session{
		judge:    j,
		reader:   recording.NewReader(in, recording.Options{Workers: opts.Workers, Progress: opts.Progress}),
		coverage: newCoverage(j.contract),
	}, nil
}

// verdicts judges every exchange, several at once, and gives the verdicts in the
// order of the recordings.
func (s *session) verdicts(ctx context.Context) iter.Seq2[*verdict, error] {
	return recording.Each(ctx, s.reader, s.judge.exchange)
}

// add takes in one verdict, or the error in the place of one.
func (s *session) add(v *verdict, err error) {
	if err != nil {
		s.addError(err)
		return
	}
	if s.broken == nil {
		s.broken = v.err
	}
	if v.match == nil {
		s.summary.OutOfScope++
	} else {
		s.summary.Checked++
	}
	s.groups.addAll(&v.findings)
	s.coverage.add(v)
}

func (s *session) addError(err error) {
	var unreadable *ReadError
	if !errors.As(err, &unreadable) {
		return
	}
	s.errs = append(s.errs, unreadable)
	s.unreadable = append(s.unreadable, Unreadable{
		Recording: Recording{File: unreadable.File, Entry: unreadable.Entry, Line: unreadable.Line},
		Reason:    unreadable.Err.Error(),
	})
}

// report closes the session.
func (s *session) report() (*Report, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	read := s.reader.Summary()
	s.summary.Files, s.summary.Skipped, s.summary.Unanswered = read.Files, read.Skipped, read.Unanswered
	s.summary.Exchanges = s.summary.Checked + s.summary.OutOfScope
	r := &Report{Summary: s.summary, Findings: s.groups.findings(s.judge.contract), Unreadable: s.unreadable}
	if r.Unreadable == nil {
		r.Unreadable = []Unreadable{}
	}
	r.count(s.groups.omittedErrors, s.groups.omittedWarnings)
	coverage, err := s.coverage.report(s.judge.options.MinCoverage)
	if err != nil {
		return nil, err
	}
	r.Coverage = coverage
	if s.summary.Checked == 0 {
		s.errs = append(s.errs, s.nothing())
	}
	return r, errors.Join(s.errs...)
}

// nothing says why no exchange was judged.
func (s *session) nothing() error {
	switch sum := s.reader.Summary(); {
	case sum.Files == 0 && sum.Failed == 0 && sum.Skipped == 0:
		return fmt.Errorf("%w: there is no file", ErrNothingInScope)
	case sum.Files == 0 && sum.Failed == 0:
		return fmt.Errorf("%w: none of the %d files is a recording (HAR, go-vcr cassette or HTTP text)", ErrNothingInScope, sum.Skipped)
	case s.summary.OutOfScope > 0:
		return fmt.Errorf("%w: none of the %d exchanges is of a path that the contract knows", ErrNothingInScope, s.summary.OutOfScope)
	case sum.Failed > 0:
		return ErrNothingInScope
	}
	return fmt.Errorf("%w: the recordings hold no answered request", ErrNothingInScope)
}
