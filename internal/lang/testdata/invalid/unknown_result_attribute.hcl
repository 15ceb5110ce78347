provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }

  step "descope_otp_verify" "verify" {
    login_id = step.send.loginid # ERROR: Unsupported attribute
    code     = step.send.cod     # ERROR: Unsupported attribute

    assert {
      condition     = self.user.verified_fone && self.sesion_jwt != null # ERROR: Unsupported attribute + Unsupported attribute
      error_message = "Verified: ${self.user.nope}."                     # ERROR: Unsupported attribute
    }
  }

  step "descope_me" "me" {
    refresh_jwt = step.verify.user.user_id.x # ERROR: Unsupported attribute
  }
}
