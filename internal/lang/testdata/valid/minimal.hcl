provider "descope" {
  base_url = "emulator"
}

scenario "sign_up" {
  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
    method   = "email"
  }
}
