provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  tags    = "smoke" # ERROR: Incorrect value type
  targets = 7       # ERROR: Incorrect value type
  timeout = ["1m"]  # ERROR: Incorrect value type

  step "descope_otp_sign_up" "send" {
    login_id = ["a"]     # ERROR: Incorrect value type
    method   = 5         # ERROR: Invalid value
    when     = "perhaps" # ERROR: Incorrect value type

    continue_on_failure = "maybe" # ERROR: Incorrect value type

    assert {
      condition     = self.status # ERROR: Invalid condition
      error_message = ["x"]       # ERROR: Invalid error message
    }
  }
}
