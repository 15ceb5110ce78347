provider "descope" {
  base_url = "emulator"
}

provider "descope" {
  alias    = "x"
  base_url = "emulator"
  budget {} # ERROR: Not supported yet
}
