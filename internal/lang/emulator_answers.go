package lang

import "github.com/authbench/authbench/internal/policy"

func answerBlock() emulatorBlock {
	type answer = policy.Answer
	const doc = "What is answered on a condition, named by the label, where nobody has published what the service does. What is left out stays."
	return many("answer", doc, []argument[answer]{
		intArg("status", 400, "HTTP status, up to 599.", func(a *answer) *int { return &a.Status }),
		textArg("code", "The errorCode, unless it is published for the condition.", func(a *answer) *string { return &a.Code }),
		textArg("message", "The errorMessage.", func(a *answer) *string { return &a.Message }),
	}, func(label string) answer { return answer{Condition: label} }, func(p *policy.Project) *[]answer { return &p.Answers })
}
