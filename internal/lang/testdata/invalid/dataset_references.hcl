provider "descope" {
  base_url = "emulator"
}

dataset "people" {
  rows = [{ phone = "+12025550100", age = 5, key = sensitive("canary") }]
}

dataset "broken" {
  rows = 5 # ERROR: Invalid dataset
}

locals {
  phone = dataset.people.row.phone # ERROR: Invalid reference
}

scenario "x" {
  description = dataset.people.row.phone # ERROR: Invalid reference

  step "descope_otp_sign_up" "send" {
    login_id = dataset.people.row.pone # ERROR: Unsupported attribute
    method   = dataset.people.phone    # ERROR: Unsupported attribute
  }

  step "descope_otp_sign_up" "other" {
    login_id = dataset.poeple.row.phone # ERROR: Undeclared dataset
    method   = dataset.people["row"]    # ERROR: Invalid reference
    phone    = dataset.people           # ERROR: Invalid reference
  }

  step "descope_otp_sign_up" "more" {
    login_id = dataset                   # ERROR: Invalid reference
    email    = dataset.broken.row.what   # not told again
    phone    = dataset.people.row.age.of # ERROR: Unsupported attribute
  }

  assert {
    condition     = dataset.people.row.age > 3
    error_message = "Not with ${dataset.people.row.key}." # ERROR: Sensitive value in error message
  }

  output "key" {
    value = dataset.people.row.key # ERROR: Output refers to a sensitive value
  }
}
