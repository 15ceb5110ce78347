package desktest

import (
	"net/http"
	"testing"

	"github.com/authbench/authbench/internal/descope"
	"github.com/authbench/authbench/internal/policy"
)

// resetEmpties looks at open views while the project is reset: what is gone is not shown.
func resetEmpties(_ *testing.T, b *bench, page *tab) {
	requests := newTab(b.t, page.ctx)
	page.open(b.page("messages"))
	requests.open(b.page("requests"))
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, alice, nil)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	b.ask(http.MethodPut, "/delivery", `{"loss":1}`)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, "+15555550102", nil)
	page.until("document.querySelectorAll('.phone').length === 3")
	requests.until("document.querySelectorAll('tbody tr').length === 3")

	b.ask(http.MethodPost, "/reset", "")
	page.shows("No message yet")
	page.until("document.querySelectorAll('.phone').length === 0")
	requests.shows("No request yet")

	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	page.until("document.querySelectorAll('.phone').length === 1 && document.querySelectorAll('.bubble').length === 1")
	page.told("Message to " + bob)
	requests.until("document.querySelectorAll('tbody tr').length === 1")
}

// madeAgain drops the project and makes one of its ID: what the views show is of that one.
func madeAgain(t *testing.T, b *bench, page *tab) {
	requests := newTab(b.t, page.ctx)
	page.open(b.page("messages"))
	requests.open(b.page("requests"))
	b.send(descope.PathOTPSignUpOrIn, descope.MethodSMS, alice, nil)
	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	page.until("document.querySelectorAll('.phone').length === 2")
	requests.until("document.querySelectorAll('tbody tr').length === 2")
	b.emulator.DropProject(b.project.ID)
	p := policy.Default()
	p.SigningAlg = policy.ES256
	if _, err := b.emulator.CreateProject(b.project.ID, b.project.ManagementKey, p); err != nil {
		t.Fatal(err)
	}
	b.send(descope.PathOTPSignUpOrIn, descope.MethodEmail, bob, nil)
	page.until("document.querySelectorAll('.phone').length === 1 && document.querySelectorAll('.bubble').length === 1")
	requests.until("document.querySelectorAll('tbody tr').length === 1")
}
