package lang

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/authbench/authbench/internal/eval"
)

// MaxOperators bounds the operators, indexes and attribute steps of one expression:
// the parser makes a tree of them that is as deep as they are many.
const MaxOperators = 1000

// unfit says what in a text must not reach the parser or the evaluation: nesting that
// would overflow the parser's stack, which no program survives, and numbers without
// bound. It looks at tokens alone. line is 0 when the text is fit.
func unfit(text []byte, name string) (line int, summary, detail string) {
	tokens, _ := hclsyntax.LexConfig(text, name, hcl.InitialPos)
	n := nesting{levels: []level{{braces: true}}}
	for i, t := range tokens {
		var before hclsyntax.TokenType
		if i > 0 {
			before = tokens[i-1].Type
		}
		n.take(t, before)
		if n.depth() > MaxNesting || n.top().operators > MaxOperators {
			return t.Range.Start.Line, "Nesting too deep", fmt.Sprintf("Brackets, blocks and templates may be nested %d deep at most.", MaxNesting)
		}
		if t.Type == hclsyntax.TokenNumberLit && eval.HugeNumber(string(t.Bytes)) {
			return t.Range.Start.Line, "Number out of range", fmt.Sprintf("A number has %d digits and an exponent of %d at most.", eval.MaxDigits, eval.MaxDigits)
		}
	}
	return 0, "", ""
}

type nesting struct {
	levels []level
	// directives counts %{ if } and %{ for } that are open.
	directives int
}

type level struct {
	// braces tells that a line break ends an expression here.
	braces    bool
	operators int
}

func (n *nesting) depth() int { return len(n.levels) - 1 + n.directives }

func (n *nesting) top() *level { return &n.levels[len(n.levels)-1] }

func (n *nesting) take(t hclsyntax.Token, before hclsyntax.TokenType) {
	switch t.Type {
	case hclsyntax.TokenOBrace:
		n.levels = append(n.levels, level{braces: true})
	case hclsyntax.TokenOBrack:
		n.top().operators++
		n.levels = append(n.levels, level{})
	case hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
		hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		n.levels = append(n.levels, level{})
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
		hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		if len(n.levels) > 1 {
			n.levels = n.levels[:len(n.levels)-1]
		}
	case hclsyntax.TokenComma:
		n.top().operators = 0
	case hclsyntax.TokenNewline:
		if n.top().braces {
			n.top().operators = 0
		}
	case hclsyntax.TokenIdent:
		if before == hclsyntax.TokenTemplateControl {
			n.directive(string(t.Bytes))
		}
	case hclsyntax.TokenPlus, hclsyntax.TokenMinus, hclsyntax.TokenStar, hclsyntax.TokenSlash, hclsyntax.TokenPercent,
		hclsyntax.TokenEqualOp, hclsyntax.TokenNotEqual, hclsyntax.TokenLessThan, hclsyntax.TokenLessThanEq,
		hclsyntax.TokenGreaterThan, hclsyntax.TokenGreaterThanEq, hclsyntax.TokenAnd, hclsyntax.TokenOr,
		hclsyntax.TokenBang, hclsyntax.TokenQuestion, hclsyntax.TokenDot:
		n.top().operators++
	}
}

func (n *nesting) directive(word string) {
	switch word {
	case "if", "for":
		n.directives++
	case "endif", "endfor":
		n.directives = max(0, n.directives-1)
	}
}
