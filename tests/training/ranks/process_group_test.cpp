// Training by several ranks: the same curve, the same bits on each, and ends that all of them see.
#include "conceptune/training/ranks/process_group.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <mutex>

#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/local_ranks.h"
#include "tests/training/tiny_model.h"

namespace conceptune::training {
namespace {

namespace fs = std::filesystem;
using conceptune::test::TemporaryFolder;
using test::tiny_data;
using test::TinyModel;
using test::with_ranks;

/// Updates of two whole batches, which two ranks divide evenly, with a smaller one at each epoch's end.
TrainingOptions options_of_two_batches() {
  TrainingOptions options;
  options.max_steps = 14;
  options.evaluate_every = 4;
  options.log_every = 1;
  options.patience = 0;
  options.optimizer.learning_rate = 0.02;
  options.batch.accumulation = 2;
  options.checkpoint.every_seconds = 0;
  return options;
}

struct CallAtStep : ProgressObserver {
  CallAtStep(std::int64_t at, std::function<void()> to_do) : step(at), action(std::move(to_do)) {}
  void begin(std::string_view, std::int64_t, std::string_view) override {}
  void update(std::int64_t done, std::string_view) override {
    if (done == step) action();
  }
  void end() override {}
  std::int64_t step;
  std::function<void()> action;
};

std::vector<std::string> products(const fs::path& folder) {
  std::vector<std::string> contents;
  for (const char* name : {"last/model.safetensors", "best/model.safetensors", "log.jsonl",
                           "checkpoints/step-00000014/tensors.safetensors"})
    contents.push_back(read_file(folder / name, "reading"));
  return contents;
}

/// Trains with `size` ranks and gives rank 0's result; every rank's parameters are compared.
TrainingResult train_with(std::int64_t size, const TrainingOptions& options, const fs::path& folder) {
  TrainingResult result;
  std::mutex mutex;
  std::vector<model::Matrix> matrices;
  with_ranks(size, [&](Ranks& ranks) {
    const TinyModel model;
    const auto own = train(model, tiny_data(), options, folder, nullptr, {}, &ranks);
    const std::lock_guard lock(mutex);
    matrices.push_back(model.parameters()[0].matrix);
    if (ranks.is_first()) result = own;
  });
  for (const auto& matrix : matrices) EXPECT_TRUE(conceptune::test::equal(matrix, matrices[0]));
  return result;
}

TEST(TrainingRanks, GiveTheSingleRanksCurve) {
  auto options = options_of_two_batches();
  for (const char* loss : {"paper", "next-synonym"}) {
    options.objective.loss = value_named<Loss>(loss).value();
    const TemporaryFolder alone;
    const auto expected = train(TinyModel(), tiny_data(), options, alone.path());
    const TemporaryFolder folder;
    const auto result = train_with(2, options, folder.path());
    EXPECT_EQ(result.tokens, expected.tokens);
    ASSERT_EQ(result.training_losses.size(), expected.training_losses.size());
    ASSERT_EQ(result.validation_losses.size(), expected.validation_losses.size());
    for (std::size_t i = 0; i < expected.training_losses.size(); ++i)
      EXPECT_NEAR(result.training_losses[i].loss, expected.training_losses[i].loss, 1e-5) << loss << i;
    for (std::size_t i = 0; i < expected.validation_losses.size(); ++i)
      EXPECT_NEAR(result.validation_losses[i].loss, expected.validation_losses[i].loss, 1e-5) << loss << i;
  }
}

TEST(TrainingRanks, RoundedGradientsKeepTheCurveToTheirRounding) {
  auto options = options_of_two_batches();
  const TemporaryFolder alone, folder;
  const auto expected = train(TinyModel(), tiny_data(), options, alone.path());
  options.exchange = model::DataType::bfloat16;
  const auto result = train_with(2, options, folder.path());
  ASSERT_EQ(result.training_losses.size(), expected.training_losses.size());
  double largest = 0;
  for (std::size_t i = 0; i < expected.training_losses.size(); ++i)
    largest = std::max(largest, std::abs(result.training_losses[i].loss - expected.training_losses[i].loss));
  EXPECT_GT(largest, 0) << "nothing was rounded";
  EXPECT_LT(largest, 0.02);
}

/// Else a rank that writes to one that was killed dies with it, before its checkpoint.
TEST(TrainingRanks, AWriteToADeadRankKillsNobody) {
  const auto meet = [](Ranks& ranks) {
    float one = 1;
    ranks.sum(std::span(&one, 1));
  };
  const auto default_action = std::signal(SIGPIPE, SIG_DFL);
  with_ranks(2, meet);
  EXPECT_EQ(std::signal(SIGPIPE, [](int) {}), SIG_IGN);
  with_ranks(2, meet);
  EXPECT_NE(std::signal(SIGPIPE, default_action), SIG_IGN) << "the caller's handler is gone";
}

/// Large copies without end, in which the receiver is stopped: what is sent to it fills its socket and waits
/// in Gloo's queue. Then it is killed, which Gloo alone would not tell the sender.
TEST(TrainingRanks, ASendThatWaitsIsToldThatTheReceiverDied) {
  const std::uint16_t port = test::free_port();
  const auto copy_without_end = [&](std::int64_t rank) {
    const auto ranks = connect_ranks(test::local_settings(rank, 2, port));
    std::vector<std::byte> bytes(64 << 20);
    for (;;) ranks->copy_from_first(bytes);
  };
  const pid_t other = ::fork();
  if (other == 0) {
    copy_without_end(1);
    ::_exit(0);
  }
  std::thread killing([&] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    ::kill(other, SIGSTOP);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    ::kill(other, SIGKILL);
  });
  try {
    copy_without_end(0);
  } catch (const LostRank& error) {
    EXPECT_EQ(std::string(error.what()).find("Timed out"), std::string::npos) << error.what();
  }
  killing.join();
  ::waitpid(other, nullptr, 0);
}

TEST(TrainingRanks, MoreRanksThanPassagesOfAnUpdateStillTrain) {
  TrainingOptions options = options_of_two_batches();
  options.batch.accumulation = 1;
  options.max_steps = 3;
  const TemporaryFolder folder;
  const auto result = train_with(3, options, folder.path());
  EXPECT_EQ(result.steps, 3);
}

TEST(TrainingRanks, StopTogetherWhereOneIsAskedAndResumeToTheBit) {
  const auto options = options_of_two_batches();
  const TemporaryFolder straight, folder;
  train_with(2, options, straight.path());
  for (const std::int64_t asked : {0, 1}) {
    std::atomic<int> interrupted = 0;
    with_ranks(2, [&](Ranks& ranks) {
      std::stop_source stop;
      CallAtStep observer(asked == 0 ? 5 : 10, [&] {
        if (ranks.rank() == asked) stop.request_stop();
      });
      try {
        train(TinyModel(), tiny_data(), options, folder.path(), &observer, stop.get_token(), &ranks);
      } catch (const Interrupted& error) {
        ++interrupted;
        EXPECT_NE(std::string(error.what()).find(asked == 0 ? "after step 5 of" : "after step 10 of"),
                  std::string::npos);
      }
    });
    EXPECT_EQ(interrupted, 2);
  }
  train_with(2, options, folder.path());
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(TrainingRanks, StopEarlyTogether) {
  TrainingOptions options = options_of_two_batches();
  options.optimizer.learning_rate = 1.5;  // far too large: validation soon gets worse
  options.optimizer.schedule = Schedule::constant;
  options.evaluate_every = 1;
  options.patience = 2;
  const TemporaryFolder folder;
  const auto result = train_with(2, options, folder.path());
  EXPECT_TRUE(result.stopped_early);
  EXPECT_EQ(result.steps, result.best_step + 2);
}

TEST(TrainingRanks, ALostRankEndsTheOthersWithACheckpointToGoOnFrom) {
  const auto options = options_of_two_batches();
  const TemporaryFolder straight, folder;
  train_with(2, options, straight.path());
  std::string message;
  with_ranks(2, [&](Ranks& ranks) {
    CallAtStep dying(6, [&] {
      if (ranks.rank() == 1) throw std::runtime_error("this rank dies");
    });
    try {
      train(TinyModel(), tiny_data(), options, folder.path(), &dying, {}, &ranks);
      ADD_FAILURE() << "rank " << ranks.rank() << " went on alone";
    } catch (const LostRank& error) {
      EXPECT_TRUE(ranks.is_first());
      message = error.what();
    } catch (const std::runtime_error&) {
      EXPECT_FALSE(ranks.is_first());
    }
  });
  EXPECT_NE(message.find("rank 0 of 2: another rank ended"), std::string::npos) << message;
  EXPECT_NE(message.find("after step 6 of 14"), std::string::npos) << message;
  EXPECT_TRUE(fs::exists(folder.path() / "checkpoints/step-00000006"));
  train_with(2, options, folder.path());
  EXPECT_EQ(products(folder.path()), products(straight.path()));
}

TEST(TrainingRanks, OfAnotherRunAreRefused) {
  const TemporaryFolder folder;
  with_ranks(2, [&](Ranks& ranks) {
    TrainingOptions options = options_of_two_batches();
    if (ranks.rank() == 1) options.epochs = 3;
    EXPECT_THROW(train(TinyModel(), tiny_data(), options, folder.path(), nullptr, {}, &ranks), InputError);
  });
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(ConnectRanks, MissingOnesAndATakenPortAreErrors) {
  using namespace std::chrono_literals;
  const std::uint16_t port = test::free_port();
  EXPECT_THROW(connect_ranks(test::local_settings(0, 2, port, 1s)), SystemError);  // alone of two
  EXPECT_THROW(connect_ranks(test::local_settings(1, 2, port, 1s)), SystemError);  // without the first
  with_ranks(1, [&](Ranks&) {});
  const int socket = ::socket(AF_INET6, SOCK_STREAM, 0);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(socket, 1), 0);
  try {
    connect_ranks(test::local_settings(0, 1, port, 5s));
    ADD_FAILURE() << "the port is taken";
  } catch (const SystemError& error) {
    EXPECT_NE(std::string(error.what()).find("rank 0 of 1 at 127.0.0.1:" + std::to_string(port)),
              std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("in use"), std::string::npos) << error.what();
  }
  ::close(socket);
}

}  // namespace
}  // namespace conceptune::training
