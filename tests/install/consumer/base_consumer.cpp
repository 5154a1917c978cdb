#include <cstdio>

#include "conceptune/base/hash.h"
#include "conceptune/version.h"

int main() {
  if (conceptune::sha256_hex("").substr(0, 8) != "e3b0c442") return 1;
  std::puts("consumer: conceptune " CONCEPTUNE_VERSION);
}
