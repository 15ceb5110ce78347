emulator {
  signing_alg = "ES256"
}
