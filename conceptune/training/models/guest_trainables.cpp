#include "conceptune/training/models/guest_trainables.h"

#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/runtime/model/decoder_guest.h"

namespace conceptune::training {
namespace {

GuestTrainables& installed() {
  static GuestTrainables guest;
  return guest;
}

}  // namespace

void install_guest_trainables(GuestTrainables guest) { installed() = std::move(guest); }

const GuestTrainables& guest_trainables() {
  if (!installed().all_weights)
    throw InputError("training", "method",
                     "is 'full', which needs libtorch: this program was built without it "
                     "(cmake -DCONCEPTUNE_TORCH=ON)");
  return installed();
}

void check_trainable(Method method, const model::DecoderOptions& options) {
  model::check_runnable(options);
  if (method == Method::full) guest_trainables();
}

}  // namespace conceptune::training
