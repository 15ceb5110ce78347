provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  tags    = ["smoke", "two words"]         # ERROR: Invalid tag
  targets = ["emulator", "prod", "stagin"] # ERROR: Invalid value + Invalid value

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
  }
}
