provider "descope" {
  base_url = "emulator"
}

locals {
  inner {} # ERROR: Unsupported block
  a = 1
}

scenario "x" {
  locals {
    inner {} # ERROR: Unsupported block
    b      = local.a
    unused = tonumber("x")  # ERROR: Invalid function argument
    attr   = step.send.nope # ERROR: Unsupported attribute
  }

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }
}
