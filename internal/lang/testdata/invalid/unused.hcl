provider "descope" {
  base_url = "emulator"
}

variable "v" { # WARNING: Unused variable
  default = 1
}

variable "used" {
  default = 1
}

locals {
  a = 1 # WARNING: Unused local
  b = var.used
}

dataset "d" { # WARNING: Unused dataset
  rows = [{ a = 1 }]
}

fixture "f" { # WARNING: Unused fixture
  step "pause" "p" {
    duration = "1s"
  }
}

scenario "x" {
  step "descope_otp_sign_up" "send" {
    login_id = local.b
  }
}
