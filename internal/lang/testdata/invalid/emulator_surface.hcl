provider "descope" {
  base_url = "emulator"

  emulator {
    enchanted_link {
      expiration_time = "0s"  # ERROR: Invalid duration
      redirect_url    = "/in" # ERROR: Invalid emulator setting
      digits          = 6     # ERROR: Unsupported argument
    }
  }
}
