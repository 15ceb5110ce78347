provider "descope" {
  base_url = "emulator"
}

variable "a" {} # ERROR: Missing variable

locals {
  x = local.y # ERROR: Cycle in locals
  y = local.x
  z = var.b # ERROR: Undeclared variable
}

inbox "sms" {
  drivr = "emulator" # ERROR: Unsupported argument
}

scenario "one" {
  timeout = "1 minute" # ERROR: Invalid duration

  step "descope_otp_sign_upp" "send" { # ERROR: Unknown step kind
    login_id = "a"
  }

  step "inbox_message" "text" {
    inbox = inbox.sns # ERROR: Undeclared inbox
    to    = step.send.login_id
    after = step.send.started_at

    extract {
      code = "([0-9]{6})"
    }
  }

  step "descope_otp_verify" "verify" {
    login_id = step.sent.login_id      # ERROR: Undeclared step
    code     = step.text.extracted.cod # ERROR: Unsupported attribute
    metod    = "sms"                   # ERROR: Unsupported argument

    assert {
      condition     = startwith(self.user.name, "x") # ERROR: Unknown function
      error_message = "No ${self.usr.name}"          # ERROR: Unsupported attribute
    }
  }
}

scenario "one" { # ERROR: Duplicate scenario
}
