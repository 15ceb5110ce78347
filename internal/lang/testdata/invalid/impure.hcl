provider "descope" {
  base_url = "emulator"
}

locals {
  id = uuid() # ERROR: Function not allowed here
}

variable "v" {
  default = timestamp() # ERROR: Function not allowed here
}

scenario "x" {
  for_each    = toset([randstring(3)]) # ERROR: Function not allowed here
  description = "Run ${uuid()}"        # ERROR: Function not allowed here

  step "descope_otp_sign_up" "send" {
    login_id = uuid()
    timeout  = "${randint(1, 5)}s" # ERROR: Function not allowed here
  }
}
