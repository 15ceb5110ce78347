package emulator_test

import (
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// BenchmarkSignIn is a send and its verification over HTTP, that is two
// requests to the API and two to the inbox, and two signatures.
func BenchmarkSignIn(b *testing.B) {
	for _, algorithm := range policy.SigningAlgs() {
		b.Run(algorithm, func(b *testing.B) {
			env := newBench(b, func(p *policy.Project) { p.SigningAlg = algorithm })
			env.signUp(alice)
			b.ReportAllocs()
			for b.Loop() {
				env.signIn(env.public(), descope.LoginOptions{})
			}
		})
	}
}
