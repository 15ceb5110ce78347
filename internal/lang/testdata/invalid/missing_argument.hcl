provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  # ERROR: Missing required argument
  step "descope_otp_sign_up" "send" {
    method = "pigeon" # ERROR: Invalid value
  }

  # ERROR: Missing required argument
  output "x" {
    description = var.x # ERROR: Invalid reference
  }

  # ERROR: Missing required argument
  step "pause" "wait" {
  }
}
