provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  descripton = "x"  # ERROR: Unsupported argument
  timeouts   = "1s" # ERROR: Unsupported argument
  assert     = true # ERROR: Unsupported argument

  step "descope_otp_sign_up" "send" {
    login_id = "a@example.test"
    loginid  = "a@example.test" # ERROR: Unsupported argument
    metod    = "sms"            # ERROR: Unsupported argument
    when {}                     # ERROR: Unsupported block
    expct {}                    # ERROR: Unsupported block

    expect {
      statuscode = 200 # ERROR: Unsupported argument
    }
  }
}
