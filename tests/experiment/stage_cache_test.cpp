#include "conceptune/experiment/stage_cache.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/base/messages.h"
#include "conceptune/experiment/stage_progress.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

struct StageCacheTest : testing::Test {
  Product get(const Json& recipe, const std::function<void(const std::filesystem::path&)>& make) {
    return StageCache(store).get("corpus", "", recipe, make);
  }
  /// A maker that counts its calls.
  std::function<void(const std::filesystem::path&)> writer(std::string content = "x") {
    return [this, content](const std::filesystem::path& folder) {
      ++calls;
      write_file_atomically(folder / "data", content);
    };
  }
  std::vector<std::string> outcomes() {
    std::vector<std::string> outcomes;
    for (const auto& run : store.stage_runs()) outcomes.push_back(run.outcome);
    return outcomes;
  }
  test::TemporaryFolder folder;
  RunStore store{folder.path(), RunStore::Access::read_write};
  int calls = 0;
};

TEST_F(StageCacheTest, MakesAProductOnceForEachRecipe) {
  const auto first = get({{"a", 1}}, writer());
  const auto again = get({{"a", 1}}, writer());
  const auto other = get({{"a", 2}}, writer());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(first.folder, again.folder);
  EXPECT_NE(first.folder, other.folder);
  EXPECT_EQ(outcomes(), (std::vector<std::string>{"done", "reused", "done"}));
}

TEST_F(StageCacheTest, AnAttemptThatFailedIsContinuedInItsFolder) {
  EXPECT_THROW(get({{"a", 1}},
                   [](const std::filesystem::path& made) {
                     write_file_atomically(made / "half", "h");
                     throw SystemError("writing", "data", "disk full");
                   }),
               SystemError);
  const auto product = get({{"a", 1}}, [](const std::filesystem::path& made) {
    EXPECT_TRUE(std::filesystem::exists(made / "half"));
  });
  EXPECT_EQ(product.files.at("half").bytes, 1);
  EXPECT_EQ(outcomes(), (std::vector<std::string>{"failed", "done"}));
}

TEST_F(StageCacheTest, AnInterruptedAttemptIsNoted) {
  EXPECT_THROW(get({{"a", 1}}, [](const auto&) { throw Interrupted("stopped"); }), Interrupted);
  EXPECT_EQ(outcomes(), (std::vector<std::string>{"interrupted"}));
}

TEST_F(StageCacheTest, AProductOfWhichAByteChangedIsKeptAsideAndMadeAgain) {
  set_message_sink([](Severity, std::string_view) {});
  const auto product = get({{"a", 1}}, writer("-0.05"));
  write_file_atomically(product.folder / "data", "-0.95");
  get({{"a", 1}}, writer("-0.05"));
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(read_file(product.folder / "data", "reading"), "-0.05");
  EXPECT_EQ(read_file(product.folder.string() + ".kept-1/data", "reading"), "-0.95");
  std::filesystem::remove_all(product.folder);
  get({{"a", 1}}, writer("-0.05"));
  EXPECT_EQ(calls, 3);
  set_message_sink(nullptr);
}

TEST_F(StageCacheTest, NotesBesideAProductDisturbNothing) {
  const auto product = get({{"a", 1}}, writer());
  write_file_atomically(product.folder / "notes.txt", "mine");
  get({{"a", 1}}, writer());
  EXPECT_EQ(calls, 1);
}

TEST_F(StageCacheTest, AStoreThatNamesAnotherFolderIsRefused) {
  get({{"a", 1}}, writer());
  make_folder(folder.path() / "victim");
  for (const char* name : {"../victim", "/victim", "products/../victim", "victim"}) {
    Database(folder.path() / "run.sqlite", Database::Access::read_write)
        .prepare("UPDATE products SET folder = ?")
        .bind(name)
        .run();
    EXPECT_THROW(RunStore::working_copy(folder.path()), InputError) << name;
  }
  // Nor does a stage or key that would lead there.
  Database(folder.path() / "run.sqlite", Database::Access::read_write)
      .run(
          "UPDATE products SET stage = '../../victim', folder = 'products/../../victim-' || substr(key, 1, "
          "12)");
  EXPECT_THROW(RunStore::working_copy(folder.path()), InputError);
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "victim"));
}

TEST_F(StageCacheTest, WhatAnotherProcessMakesIsLeftToIt) {
  Claims other_process(std::chrono::minutes(1));
  const std::string key = sha256_hex(std::string("corpus\n") + "{\"a\":1}");
  auto claim = other_process.try_take(store.product_folder("corpus", key));
  ASSERT_TRUE(claim);
  StageCache cache(store);
  EXPECT_THROW(cache.get("corpus", "", {{"a", 1}}, writer()), BeingMade);
  EXPECT_EQ(calls, 0);
  claim.reset();
  cache.get("corpus", "", {{"a", 1}}, writer());
  EXPECT_EQ(calls, 1);
}

TEST_F(StageCacheTest, WhatAnotherProcessMadeIsReused) {
  RunStore other_copy = RunStore::working_copy(folder.path());
  const auto made = StageCache(other_copy).get("corpus", "", {{"a", 1}}, writer("theirs"));
  const auto found = get({{"a", 1}}, writer("ours"));
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(found.files, made.files);
  EXPECT_EQ(read_file(found.folder / "data", "reading"), "theirs");
}

TEST_F(StageCacheTest, AFailureIsNotTriedAgainByTheSameProcess) {
  StageCache cache(store);
  const auto failing = [this](const auto&) {
    ++calls;
    throw SystemError("writing", "data", "disk full");
  };
  EXPECT_THROW(cache.get("corpus", "", {{"a", 1}}, failing), SystemError);
  EXPECT_THROW(cache.get("corpus", "", {{"a", 1}}, failing), SystemError);
  EXPECT_EQ(calls, 1);
}

TEST_F(StageCacheTest, ARecordOfAnotherProductIsRefused) {
  const auto product = get({{"a", 1}}, writer());
  const std::string path = product.folder.string() + ".json";
  const std::string record = read_file(path, "reading");
  for (const std::string& content :
       {std::string("{}"), std::string("no JSON"), "[" + record + "]",
        std::string(record).replace(record.find(product.key), 64, std::string(64, '0'))}) {
    write_file_atomically(path, content);
    EXPECT_THROW(get({{"a", 1}}, writer()), InputError) << content;
  }
}

TEST(RunLock, IsWaitedFor) {
  const test::TemporaryFolder folder;
  std::stop_source stop;
  {
    const RunLock lock(folder.path() / "run", {});
    stop.request_stop();
    EXPECT_THROW(RunLock(folder.path() / "run", stop.get_token()), Interrupted);
  }
  EXPECT_NO_THROW(RunLock(folder.path() / "run", {}));
}

/// Three parts, files of the product's folder, that the whole is made of.
Making of_parts(const std::function<void(int)>& made) {
  const auto file = [](const std::filesystem::path& folder, int part) {
    return folder / ("part" + std::to_string(part));
  };
  Making making([file](const std::filesystem::path& folder) {
    std::string whole;
    for (int part = 0; part < 3; ++part) whole += read_file(file(folder, part), "");
    write_file_atomically(folder / "whole", whole);
    for (int part = 0; part < 3; ++part) std::filesystem::remove(file(folder, part));
  });
  making.parts = 3;
  making.has_part = [file](const auto& folder, int part) {
    return std::filesystem::exists(file(folder, part));
  };
  making.make_part = [file, made](const auto& folder, int part) {
    made(part);
    std::filesystem::create_directories(folder);
    write_file_atomically(file(folder, part), std::to_string(part));
  };
  return making;
}

TEST_F(StageCacheTest, PartsThatOthersMakeAreWaitedForAndNoneIsMadeTwice) {
  StageCache cache(store);
  std::vector<int> made;
  const Making making = of_parts([&](int part) { made.push_back(part); });
  const Product wanted{product_key("corpus", {{"a", 1}}),
                       "corpus",
                       store.product_folder("corpus", product_key("corpus", {{"a", 1}})),
                       {},
                       {}};
  Claims others(std::chrono::minutes(1));
  {
    const auto claim = others.try_take(part_path(wanted, 1));
    ASSERT_TRUE(claim);
    EXPECT_THROW(cache.get("corpus", "", {{"a", 1}}, making), BeingMade);
    EXPECT_EQ(made, (std::vector<int>{0, 2}));
    making.make_part(wanted.folder, 1);  // the other makes it
  }
  const auto product = cache.get("corpus", "", {{"a", 1}}, making);
  EXPECT_EQ(made, (std::vector<int>{0, 2, 1}));
  EXPECT_EQ(read_file(product.folder / "whole", ""), "012");
  EXPECT_EQ(outcomes(), std::vector<std::string>{"done"});
  // Parts that are gone after the whole was made are not made again.
  get({{"a", 1}}, making.whole);
  StageCache(store).get("corpus", "", {{"a", 1}}, making);
  EXPECT_EQ(made.size(), 3u);
}

TEST_F(StageCacheTest, WhileTheWholeIsBeingMadeNoPartIsBegun) {
  std::vector<int> made;
  const Product wanted{product_key("corpus", {{"a", 1}}),
                       "corpus",
                       store.product_folder("corpus", product_key("corpus", {{"a", 1}})),
                       {},
                       {}};
  Claims others(std::chrono::minutes(1));
  const auto claim = others.try_take(wanted.folder);
  StageCache cache(store);
  EXPECT_THROW(cache.get("corpus", "", {{"a", 1}}, of_parts([&](int part) { made.push_back(part); })),
               BeingMade);
  EXPECT_TRUE(made.empty());
}

TEST_F(StageCacheTest, WhatIsToldStandsInTheClaim) {
  StageCache cache(store, std::chrono::milliseconds(40));
  cache.tell({.done = 1, .unit = "steps"});  // nothing is being made: nobody is told
  std::string note;
  cache.get("corpus", "", {{"a", 1}}, [&](const std::filesystem::path& folder) {
    cache.tell({.done = 7, .skipped = 2, .total = 20, .seconds = 1.5, .unit = "steps"});
    for (int i = 0; i < 200 && note.empty(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      note = claim_note(folder);
    }
    write_file_atomically(folder / "data", "x");
  });
  const auto progress = progress_of(note);
  ASSERT_TRUE(progress) << note;
  EXPECT_EQ(note, "7 2 20 1.5 steps");
  EXPECT_EQ(progress->skipped, 2);
  EXPECT_EQ(progress->unit, "steps");
  EXPECT_FALSE(progress_of("7 2 many"));
  EXPECT_FALSE(progress_of(""));
}

}  // namespace
}  // namespace conceptune::experiment
