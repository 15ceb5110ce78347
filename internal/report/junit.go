package report

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/authbench/authbench/internal/diag"
	"github.com/authbench/authbench/internal/result"
	"github.com/authbench/authbench/internal/stats"
)

type junitRun struct {
	XMLName xml.Name     `xml:"testsuites"`
	Name    string       `xml:"name,attr"`
	Sums    junitSums    `xml:",any,attr"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Sums       junitSums       `xml:",any,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitCase struct {
	Name       string          `xml:"name,attr"`
	Class      string          `xml:"classname,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Failure    *junitFault     `xml:"failure"`
	Error      *junitFault     `xml:"error"`
	Skipped    *junitFault     `xml:"skipped"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitFault struct {
	Message string `xml:"message,attr,omitempty"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}

// junitSums are the attributes that sum up cases.
type junitSums []xml.Attr

// JUnit writes the summary as JUnit XML: one test suite for each configuration, one
// test case for each scenario instance, numbers of iterations as properties. What
// could not be judged is an error, a case that never ran is skipped.
func JUnit(w io.Writer, s *stats.Summary) error {
	doc := junitRun{Name: "authbench", Sums: sums(s.Cases, s.Wall)}
	for _, cases := range bySuite(s.Cases) {
		doc.Suites = append(doc.Suites, suite(s, cases))
	}
	return writeJUnit(w, doc)
}

func writeJUnit(w io.Writer, doc junitRun) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func suite(s *stats.Summary, cases []stats.CaseSummary) junitSuite {
	var took time.Duration
	for _, c := range cases {
		took += c.Elapsed
	}
	name := cases[0].Suite
	out := junitSuite{
		Name: diag.CleanLine(name), Sums: sums(cases, took), Timestamp: s.Run.Start.UTC().Format("2006-01-02T15:04:05"),
		Properties: []junitProperty{{"version", s.Run.Version}, {"seed", strconv.FormatUint(s.Run.Seed, 10)}},
	}
	for _, t := range s.Run.Targets {
		if t.Suite == name {
			out.Properties = append(out.Properties,
				property("target."+t.Provider, t.BaseURL),
				property("target."+t.Provider+".kind", string(t.Kind)),
				property("target."+t.Provider+".project_id", t.ProjectID))
		}
	}
	for _, c := range cases {
		out.Cases = append(out.Cases, testCase(s, c))
	}
	return out
}

func testCase(s *stats.Summary, c stats.CaseSummary) junitCase {
	out := junitCase{
		Name: diag.CleanLine(caseName(c.Case)), Class: diag.CleanLine(c.Suite), Time: seconds(c.Elapsed),
		Properties: []junitProperty{property("address", c.Address)},
	}
	for _, tag := range c.Tags {
		out.Properties = append(out.Properties, property("tag", tag))
	}
	out.Properties = append(out.Properties, property("iterations", strconv.FormatUint(c.Iterations.Started(), 10)))
	for _, o := range result.Outcomes() {
		if n := c.Iterations.Of(o); n > 0 {
			out.Properties = append(out.Properties, property("iterations."+o.String(), strconv.FormatUint(n, 10)))
		}
	}
	fault := &junitFault{Message: diag.CleanLine(c.Note), Type: string(c.Reason)}
	switch c.Outcome {
	case result.Success:
	case result.Failure:
		fault.Text = evidence(s, c)
		out.Failure = fault
	case result.Error, result.Aborted:
		fault.Text = evidence(s, c)
		out.Error = fault
	case result.Skipped, result.Dropped:
		out.Skipped = fault
	default:
		fault.Message = "did not run"
		out.Skipped = fault
	}
	return out
}

// evidence is the plain form of everything that was kept about a case.
func evidence(s *stats.Summary, c stats.CaseSummary) string {
	var b strings.Builder
	for _, f := range s.Failures {
		if f.Suite != c.Suite || f.Address != c.Address {
			continue
		}
		b.WriteByte('\n')
		// A strings.Builder takes everything.
		_ = diagnostics(f, again(s), len(f.Samples)).WriteText(&b, diag.TextOptions{})
	}
	return b.String()
}

func sums(cases []stats.CaseSummary, took time.Duration) junitSums {
	var failures, errors, skipped int
	for _, c := range cases {
		switch c.Outcome {
		case result.Success:
		case result.Failure:
			failures++
		case result.Error, result.Aborted:
			errors++
		default:
			skipped++
		}
	}
	attr := func(name, value string) xml.Attr { return xml.Attr{Name: xml.Name{Local: name}, Value: value} }
	return junitSums{
		attr("tests", strconv.Itoa(len(cases))), attr("failures", strconv.Itoa(failures)),
		attr("errors", strconv.Itoa(errors)), attr("skipped", strconv.Itoa(skipped)), attr("time", seconds(took)),
	}
}

func property(name, value string) junitProperty {
	return junitProperty{diag.CleanLine(name), diag.CleanLine(value)}
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 6, 64) }
