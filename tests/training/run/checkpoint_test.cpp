// Whole or not at all: every kind of damage to the newest checkpoint leads back to the one before.
#include "conceptune/training/run/checkpoint.h"

#include <gtest/gtest.h>

#include <fstream>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "tests/support/matrices.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::training {
namespace {

namespace fs = std::filesystem;

class Checkpoints : public testing::Test {
 protected:
  void SetUp() override {
    previous_ =
        set_message_sink([this](Severity, std::string_view message) { messages_.emplace_back(message); });
  }
  void TearDown() override { set_message_sink(previous_); }

  void write(std::int64_t step) {
    write_checkpoint(folder(), {step, {{"answer", step}}, {{"t", values_of(step)}}}, 2);
  }
  static model::Matrix values_of(std::int64_t step) { return test::filled(1, 3, static_cast<float>(step)); }
  fs::path folder() const { return temporary_.path() / "checkpoints"; }
  fs::path newest() const { return folder() / "step-00000009"; }

  test::TemporaryFolder temporary_;
  std::vector<std::string> messages_;
  MessageSink previous_;
};

TEST_F(Checkpoints, NewestIsReadAndOldOnesGo) {
  EXPECT_FALSE(read_newest_checkpoint(folder()));
  for (const std::int64_t step : {3, 9, 5}) write(step);
  EXPECT_FALSE(fs::exists(folder() / "step-00000003"));
  const auto checkpoint = read_newest_checkpoint(folder());
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->step, 9);
  EXPECT_EQ(checkpoint->state.at("answer"), 9);
  ASSERT_EQ(checkpoint->tensors.size(), 1u);
  EXPECT_EQ(checkpoint->tensors[0].name, "t");
  EXPECT_TRUE(test::equal(checkpoint->tensors[0].matrix, values_of(9)));
  EXPECT_TRUE(messages_.empty());
}

TEST_F(Checkpoints, DamagedNewestIsSkippedWithAWarning) {
  const auto flip_last_byte = [](const fs::path& path) {
    std::string content = read_file(path, "reading");
    content.back() = static_cast<char>(content.back() ^ 1);
    write_file_atomically(path, content);
  };
  const std::vector<std::function<void()>> damages = {
      [&] { flip_last_byte(newest() / "tensors.safetensors"); },
      [&] { fs::resize_file(newest() / "tensors.safetensors", 20); },
      [&] { flip_last_byte(newest() / "state.json"); },
      [&] { write_file_atomically(newest() / "manifest.json", "{}"); },
      [&] { fs::remove(newest() / "manifest.json"); },
      [&] { fs::remove_all(newest() / "state.json"); },
  };
  for (const auto& damage : damages) {
    messages_.clear();
    fs::remove_all(folder());
    write(5);
    write(9);
    damage();
    const auto checkpoint = read_newest_checkpoint(folder());
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->step, 5);
    ASSERT_EQ(messages_.size(), 1u);
    EXPECT_NE(messages_[0].find("step-00000009 is skipped"), std::string::npos) << messages_[0];
  }
}

TEST_F(Checkpoints, OtherFoldersAndHalfWrittenOnesAreIgnored) {
  write(5);
  fs::create_directories(folder() / "step-x7");
  fs::create_directories(folder() / ".step-00000011.123.partial");
  EXPECT_EQ(read_newest_checkpoint(folder())->step, 5);
  EXPECT_TRUE(messages_.empty());
}

}  // namespace
}  // namespace conceptune::training
