#include "conceptune/runtime/model/environment.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "conceptune/base/messages.h"
#include "conceptune/runtime/kernels/isa.h"
#include "conceptune/runtime/kernels/onednn.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/decoder_guest.h"

namespace conceptune::model {
namespace {

/// Calls a function of a BLAS library that gives its own description, where that library is loaded.
std::string description_from(const char* symbol) {
  using Describe = const char* (*)();
  const auto describe = reinterpret_cast<Describe>(dlsym(RTLD_DEFAULT, symbol));
  return describe ? describe() : "";
}

/// "OpenBLAS 0.3.21 NO_LAPACKE … SkylakeX MAX_THREADS=64" → "OpenBLAS 0.3.21".
std::string first_two_words(const std::string& text) {
  return text.substr(0, text.find(' ', std::min(text.find(' ') + 1, text.size())));
}

std::string blas_name() {
  const std::string openblas = description_from("openblas_get_config");
  if (!openblas.empty())
    return fmt::format("{} ({})", first_two_words(openblas), description_from("openblas_get_corename"));
  if (dlsym(RTLD_DEFAULT, "mkl_get_version_string")) return "MKL";
  if (dlsym(RTLD_DEFAULT, "bli_info_get_version_str")) return "BLIS";
  return "";
}

}  // namespace

Environment current_environment() {
  Environment environment;
  environment.onednn = kernels::onednn::version();
  environment.blas = blas_name();
  environment.blas_is_slow = environment.blas.empty();
  if (environment.blas_is_slow) environment.blas = "reference BLAS";
  environment.kernel_set = std::string(kernels::name_of(kernels::active_isa()));
  for (const auto isa : kernels::supported_isas())
    environment.kernel_sets.emplace_back(kernels::name_of(isa));
  environment.bf16_products = fastest_products() == ProductType::bfloat16;
  environment.threads = threads();
  environment.devices = {"cpu"};
  for (auto& device : guest_devices()) environment.devices.push_back(std::move(device));
  return environment;
}

void warn_about_slow_blas() {
  static std::once_flag warned;
  std::call_once(warned, [] {
    if (blas_name().empty())
      warn(
          "matrix products run on the reference BLAS, some 70 times slower than OpenBLAS: install the "
          "package "
          "libopenblas0-pthread");
  });
}

void tell_of_bf16_products(DataType type) {
  if (type != DataType::float32 || fastest_products() != ProductType::bfloat16) return;
  inform(
      "this processor multiplies bfloat16: --type bfloat16, in a configuration model.type, trains in about "
      "0.6 of the "
      "time");
}

}  // namespace conceptune::model
