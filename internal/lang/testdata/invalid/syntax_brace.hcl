provider "descope" {
  base_url = "emulator"
}

scenario "x" {
  tags = ["a", "b"
} # ERROR: Missing item separator
