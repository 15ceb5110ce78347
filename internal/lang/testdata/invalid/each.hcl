provider "descope" {
  base_url = "emulator"
}

variable "users" {
  default = { a = { name = "A" } }
}

scenario "map" {
  for_each = var.users

  step "descope_otp_sign_up" "send" {
    login_id = each.value.nmae # ERROR: Unsupported attribute
    phone    = each.ky         # ERROR: Unsupported attribute
  }
}

scenario "steps" {
  step "descope_otp_sign_up" "send" {
    for_each = toset(["sms", "email"])
    login_id = "a"
    method   = each.key
  }

  step "descope_otp_verify" "verify" {
    login_id = step.send["sns"].login_id # ERROR: Unsupported attribute
    code     = step.send.login_id        # ERROR: Missing key
    method   = step.send["sms"].metod    # ERROR: Unsupported attribute
  }

  step "inbox_message" "text" {
    for_each = toset(["sms", "post"])
    inbox    = inbox.i
    to       = "a"
    after    = step.send[each.key].started_at # ERROR: Invalid reference in after
  }
}

inbox "i" {}
