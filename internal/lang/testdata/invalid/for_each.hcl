provider "descope" {
  base_url = "emulator"
}

variable "secret" {
  default   = "canary-4711"
  sensitive = true
}

scenario "list" {
  for_each = ["a", "b"] # ERROR: Invalid for_each

  step "descope_otp_sign_up" "send" {
    login_id = each.valu # ERROR: Unsupported attribute
  }
}

scenario "unknown" {
  for_each = toset([iteration.uuid]) # ERROR: Invalid reference

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }
}

scenario "secret" {
  for_each = toset([var.secret]) # ERROR: Invalid for_each

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }
}

scenario "empty" {
  for_each = toset([])

  step "descope_otp_sign_up" "send" {
    login_idd = each.key # ERROR: Unsupported argument
    login_id  = each.key
  }
}

scenario "many" {
  for_each = toset([for i in range(1001) : tostring(i)]) # ERROR: Invalid for_each

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }
}

scenario "keys" {
  for_each = toset([""]) # ERROR: Invalid for_each

  step "descope_otp_sign_up" "send" {
    for_each = 1 # ERROR: Invalid for_each
    login_id = each.key
  }

  step "descope_otp_verify" "verify" {
    login_id = step.send["x"].login_id
    code     = "1"
  }
}
