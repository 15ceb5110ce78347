provider "descope" {
  base_url = "emulator"
}

variable "key" {
  default   = "canary-4711"
  sensitive = true

  validation {
    condition     = var.key != ""
    error_message = "${var.key} is empty." # ERROR: Sensitive value in error message
  }
}

locals {
  derived = "x-${var.key}"
}

scenario "x" {
  description = "It uses ${var.key}" # ERROR: Sensitive value not allowed here
  tags        = [var.key]            # ERROR: Sensitive value not allowed here
  serial      = local.derived        # ERROR: Sensitive value not allowed here

  step "descope_otp_sign_up" "send" {
    login_id = var.key
    method   = var.key # ERROR: Invalid value

    assert {
      condition     = self.ok
      error_message = "Failed with ${local.derived}." # ERROR: Sensitive value in error message
    }
  }

  step "descope_otp_verify" "verify" {
    login_id = "a"
    code     = "1"

    assert {
      condition     = self.ok
      error_message = "The session is ${self.session_jwt}." # ERROR: Sensitive value in error message
    }
  }

  output "session" {
    value = step.verify.session_jwt # ERROR: Output refers to a sensitive value
  }

  output "open" {
    value     = step.verify.session_jwt
    sensitive = true
  }
}
