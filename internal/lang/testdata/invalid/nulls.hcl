variable "v" {
  type    = map(string)
  default = null
}

provider "descope" {
  base_url = "emulator"
}

scenario "none" {
  for_each = var.v # ERROR: Invalid for_each

  step "descope_me" "a" {
    for_each = null # ERROR: Invalid for_each
  }

  step "descope_me" "b" {
    when = null # ERROR: Invalid condition

    expect {
      status     = [] # ERROR: Invalid expectation
      error_code = [] # ERROR: Invalid expectation
    }
  }
}
