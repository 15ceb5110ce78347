provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  setup {
    assert {}      # ERROR: Unsupported block
    timeout = "1s" # ERROR: Unsupported argument

    step "descope_me" "me" {
      refresh_jwt = step.later.refresh_jwt # ERROR: Forward reference
    }
  }

  teardown {
    step "descope_logout" "later" {
      refresh_jwt = step.me.refresh_jw # ERROR: Unsupported attribute
    }
  }

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }
}
