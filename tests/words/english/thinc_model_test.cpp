#include "conceptune/words/english/thinc_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::words {
namespace {

using namespace std::string_literals;

/// A model of one node "linear" with an attribute "seed" (8) and a parameter "b" of shape [2].
std::string model_bytes(const std::string& type, const std::string& shape, std::vector<float> values) {
  std::string data(values.size() * sizeof(float), '\0');
  std::memcpy(data.data(), values.data(), data.size());
  const std::string parameter = "\x83\xc4\x04type\xa3" + type + "\xc4\x05shape" + shape + "\xc4\x04" +
                                "data\xc4" + static_cast<char>(data.size()) + data;
  return "\x84\xa5nodes\x91\x84\xa5index\x00\xa4name\xa6linear\xa4"s +
         "dims\x80\xa4refs\x82\xa1x\x00\xa1y\xc0"s + "\xa5" +
         "attrs\x91\x81\xa4seed\xc4\x01\x08\xa6params\x91\x82\xa1W\xc0\xa1" + "b" + parameter +
         "\xa5shims\x91\x90";
}

class ThincModelTest : public ::testing::Test {
 protected:
  ThincModel load(const std::string& bytes) { return ThincModel::load(folder_.write("model", bytes)); }

  test::TemporaryFolder folder_;
};

TEST_F(ThincModelTest, ReadsNodesAttributesAndParameters) {
  const ThincModel model = load(model_bytes("<f4", "\x91\x02", {1.5F, -2}));
  const ThincNode& node = *model.named("linear", 1)[0];
  EXPECT_EQ(node.references.at("x"), 0);
  EXPECT_FALSE(node.references.contains("y"));
  EXPECT_EQ(model.integer_attribute(node, "seed"), 8);
  EXPECT_EQ(model.parameter(node, "b", {2}).values, (std::vector<float>{1.5F, -2}));
  EXPECT_EQ(model.parameter(node, "b", {-1}).shape, (std::vector<std::int64_t>{2}));
}

TEST_F(ThincModelTest, RefusesAnotherArchitecture) {
  const ThincModel model = load(model_bytes("<f4", "\x91\x02", {1.5F, -2}));
  const ThincNode& node = *model.named("linear", 1)[0];
  EXPECT_THROW(model.named("linear", 2), InputError);
  EXPECT_THROW(model.named("softmax", 1), InputError);
  EXPECT_THROW(model.parameter(node, "W", {2}), InputError);
  EXPECT_THROW(model.parameter(node, "b", {3}), InputError);
  EXPECT_THROW(model.parameter(node, "b", {2, 1}), InputError);
  EXPECT_THROW(model.integer_attribute(node, "pad"), InputError);
}

TEST_F(ThincModelTest, RefusesParametersThatLie) {
  EXPECT_THROW(load(model_bytes("<f8", "\x91\x02", {1, 2})), InputError);
  EXPECT_THROW(load(model_bytes("<f4", "\x91\x03", {1, 2})), InputError);
  EXPECT_THROW(load(model_bytes("<f4", "\x91\x01", {1, 2})), InputError);
  EXPECT_THROW(load(model_bytes("<f4", "\x91\xff", {1, 2})), InputError);
  EXPECT_THROW(load(model_bytes("<f4", "\x92\xce\xff\xff\xff\xff\xce\xff\xff\xff\xff", {1, 2})), InputError);
  EXPECT_THROW(load(model_bytes("<f4", "\x91\x02", {1, NAN})), InputError);
}

}  // namespace
}  // namespace conceptune::words
