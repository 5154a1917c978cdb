#include "conceptune/training/run/best_parameters.h"

#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/tiny_model.h"

namespace conceptune::training {
namespace {

using conceptune::test::copy_of;
using conceptune::test::equal;

void add_one(const model::Matrix& matrix) {
  for (std::int64_t i = 0; i < matrix.size(); ++i) matrix.values()[i] += 1;
}

TEST(BestParameters, SavesWhatWasKeptAndPutsTheCurrentBack) {
  const conceptune::test::TemporaryFolder folder;
  const test::TinyModel model;
  const std::vector<model::Matrix> parameters = {model.parameters()[0].matrix, model.parameters()[1].matrix};
  model.save(folder.path() / "expected", "");
  BestParameters best;
  best.save(model, parameters, folder.path() / "best");
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "best"));
  best.keep(parameters, "the best");
  for (const auto& parameter : parameters) add_one(parameter);
  const model::Matrix current = copy_of(parameters[0]);
  best.save(model, parameters, folder.path() / "best");
  EXPECT_EQ(read_file(folder.path() / "best/model.safetensors", ""),
            read_file(folder.path() / "expected/model.safetensors", ""));
  EXPECT_NE(read_file(folder.path() / "best/README.md", "").find("the best"), std::string::npos);
  EXPECT_TRUE(equal(parameters[0], current));
  std::filesystem::remove_all(folder.path() / "best");
  best.save(model, parameters, folder.path() / "best");  // saved already
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "best"));
}

TEST(BestParameters, KeepsWhatCouldNotBeSaved) {
  const conceptune::test::TemporaryFolder folder;
  struct Refusing : test::TinyModel {
    void save(const std::filesystem::path& path, const std::string& text) const override {
      if (refuses) throw SystemError("saving", path.string(), "no room");
      TinyModel::save(path, text);
    }
    bool refuses = true;
  } model;
  const std::vector<model::Matrix> parameters = {model.parameters()[0].matrix};
  BestParameters best;
  best.keep(parameters, "");
  add_one(parameters[0]);
  const model::Matrix current = copy_of(parameters[0]);
  EXPECT_THROW(best.save(model, parameters, folder.path() / "best"), SystemError);
  EXPECT_TRUE(equal(parameters[0], current));
  model.refuses = false;
  best.save(model, parameters, folder.path() / "best");
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "best"));
}

}  // namespace
}  // namespace conceptune::training
