#include "conceptune/guest/device.h"

#include <gtest/gtest.h>
#include <torch/cuda.h>

#include "conceptune/base/error.h"

namespace conceptune::guest {
namespace {

TEST(DeviceNamed, KnowsTheCpuAndRefusesWhatIsNotThere) {
  EXPECT_EQ(device_named("cpu"), at::Device(at::kCPU));
  for (const char* name : {"", "gpu", "cuda:x", "meta", "cuda:99"})
    EXPECT_THROW(device_named(name), InputError) << name;
  if (torch::cuda::device_count() == 0) {
    EXPECT_THROW(device_named("cuda"), InputError);
  }
}

}  // namespace
}  // namespace conceptune::guest
