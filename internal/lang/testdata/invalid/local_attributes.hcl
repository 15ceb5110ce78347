provider "descope" {
  base_url = "emulator"
}

variable "user" {
  type    = object({ name = string })
  default = { name = "A" }
}

locals {
  address = { street = "x" }
  number  = var.user.nam # ERROR: Unsupported attribute
}

scenario "x" {
  step "descope_otp_sign_up" "send" {
    login_id = var.user.naem       # ERROR: Unsupported attribute
    phone    = local.address.stret # ERROR: Unsupported attribute
    email    = local.number
    whatsapp = var.user.name.first # ERROR: Unsupported attribute
  }
}
