provider "descope" {
  base_url = "emulator"
}

# ERROR: Missing variable
variable "phone" {
  type = string
}

# ERROR: Missing variable
variable "other" {}

scenario "x" {
  for_each = toset(["a"])
  timeout  = var.other

  step "descope_otp_sign_up" "send" {
    login_id = var.phone
    method   = var.nope # ERROR: Undeclared variable
  }
}
