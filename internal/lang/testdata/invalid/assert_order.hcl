provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  assert {
    condition     = step.send.ok # ERROR: Forward reference
    error_message = "x"
  }

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }

  assert {
    condition     = self.ok             # ERROR: Invalid reference
    error_message = "x ${step.nope.ok}" # ERROR: Undeclared step
  }

  output "o" {
    value = step.send.nope # ERROR: Unsupported attribute
  }
}
