provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  step "descope_otp_sign_up" "send" {
    login_id = uper("a@example.test") # ERROR: Unknown function
    phone    = fakephone(1)           # ERROR: Unknown function
    email    = env("HOME")            # ERROR: Unknown function
    user = {
      name = frob(lower(nope("x"))) # ERROR: Unknown function + Unknown function
    }
  }
}
