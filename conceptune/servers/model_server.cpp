#include "conceptune/servers/model_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "conceptune/base/cache_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"

namespace conceptune::servers {
namespace {

constexpr std::string_view kDoing = "asking a server";
// What is kept of replies: top tokens, and since they tell how they ended, answers.
constexpr std::string_view kScoresForm = "";
constexpr std::string_view kAnswersForm = "answer and end";

std::filesystem::path replies_file(const ServerOptions& options) {
  return options.replies.empty() ? cache_folder() / "replies.sqlite" : options.replies;
}

ServedModel probe(Connection& connection, const ServerOptions& options) {
  const Reply listing = connection.get("/v1/models", {});
  if (!listing.failure.empty()) throw SystemError(kDoing, connection.address(), listing.failure);
  return read_listing(listing.body, options.model, connection.address());
}

Json scores_to_json(const std::vector<TopTokens>& scores) {
  Json json = Json::array();
  for (const auto& top : scores) json.push_back({{"ids", top.ids}, {"log_probs", top.log_probs}});
  return json;
}

TopTokens top_from_json(const Json& json) {
  return {json.at("ids").get<std::vector<std::int32_t>>(), json.at("log_probs").get<std::vector<double>>()};
}

/// The questions as they are, or one for each position.
std::vector<ScoreQuestion> split(const ScoreQuestion& question, bool is_one_request) {
  if (is_one_request) return {question};
  std::vector<ScoreQuestion> parts;
  for (const auto position : question.positions) parts.push_back({question.ids, {position}});
  return parts;
}

}  // namespace

const std::string& tokenizer_probe_text() {
  // Where tokenizers differ: digits, contractions, spaces, accents, other scripts, an emoji.
  static const std::string text =
      "The 12345 firemen's house: don't  stop,\n\tit's \"fine\" (99.5%).\nCaf\xc3\xa9 na\xc3\xafve "
      "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e \xd0\xbc\xd0\xb8\xd1\x80 \xf0\x9f\x98\x80!";
  return text;
}

ModelServer::ModelServer(const ServerOptions& options)
    : options_(options),
      connection_(options),
      model_(probe(connection_, options)),
      dialect_(score_dialect_of(model_.kind)),
      cache_(replies_file(options)) {}

void ModelServer::check(const Request& request, const std::function<void(const Json&)>& read,
                        const std::function<std::string(const std::string&)>& advice, std::stop_token stop) {
  const Reply reply = connection_.post(request, std::move(stop));
  if (!reply.failure.empty()) {
    const std::string hint = advice(reply.failure);
    throw InputError(kDoing, connection_.address() + request.path,
                     reply.failure + (hint.empty() ? "" : "; " + hint));
  }
  try {
    read(reply.body);
  } catch (const InputError& error) {
    throw InputError(kDoing, connection_.address() + request.path, error.what());
  }
}

void ModelServer::check_tokenizer(const TokenizerProbe& tokenizer, std::stop_token stop) {
  std::vector<std::int32_t> theirs;
  check(
      dialect_->tokenize(model_.name, tokenizer_probe_text()),
      [&](const Json& reply) { theirs = dialect_->read_tokens(reply); },
      [](const std::string&) { return std::string(); }, std::move(stop));
  if (!theirs.empty() && theirs.front() == tokenizer.begin_token) theirs.erase(theirs.begin());
  const auto ours = tokenizer.encode(tokenizer_probe_text());
  if (theirs == ours) return;
  const auto differ = std::mismatch(theirs.begin(), theirs.end(), ours.begin(), ours.end()).first;
  throw InputError(kDoing, connection_.address(),
                   fmt::format("'{}' has another tokenizer than the model given: token {} of a text differs",
                               model_.name, differ - theirs.begin() + 1));
}

void ModelServer::check_scores(int count, const TokenizerProbe& tokenizer, std::stop_token stop) {
  if (!dialect_)
    throw InputError(kDoing, connection_.address(),
                     "it is not vLLM, llama.cpp's or SGLang's server: candidates need token ids, which "
                     "OpenAI's interface does not give");
  check_tokenizer(tokenizer, stop);
  const ScoreQuestion question{tokenizer.encode("The capital of France is Paris."), {2}};
  check(
      dialect_->score(model_.name, question, count),
      [&](const Json& reply) { dialect_->read_scores(reply, question, count); },
      [&](const std::string& refusal) { return dialect_->advice(refusal, count); }, std::move(stop));
}

void ModelServer::check_answers(std::stop_token stop) {
  check(
      answer_request(model_, "Say yes.", {.max_new_tokens = 1, .repetition_penalty = 1.1}),
      [](const Json& reply) { read_answer(reply); }, [](const std::string&) { return std::string(); },
      std::move(stop));
}

Reply ModelServer::ask(const Request& request, std::string_view form,
                       const std::function<Json(const Json&)>& read, std::stop_token stop) {
  Json asked = {{"server", model_.identity}, {"path", request.path}, {"payload", request.payload}};
  if (!form.empty()) asked["form"] = form;
  const std::string key = sha256_hex(to_json_text(asked));
  if (const auto kept = cache_.find(key)) return {parse_json(*kept, kDoing, "kept reply"), {}};
  Reply reply = connection_.post(request, std::move(stop));
  if (reply.failure.empty()) {
    try {
      reply.body = read(reply.body);
    } catch (const InputError& error) {
      reply.failure = error.what();
    }
  }
  if (reply.failure.empty())
    cache_.keep(key, to_json_text(reply.body));
  else
    cache_.keep_failure(key, reply.failure);
  return reply;
}

void ModelServer::for_each(std::size_t count, const std::function<void(std::size_t, std::stop_token)>& work,
                           const std::stop_token& stop) const {
  std::atomic<std::size_t> next = 0;
  std::stop_source source;  // ends the others when one fails
  const std::stop_callback forward(stop, [&] { source.request_stop(); });
  std::mutex mutex;
  std::exception_ptr first;
  const auto run = [&] {
    for (std::size_t i = next++; i < count && !source.stop_requested(); i = next++) {
      try {
        work(i, source.get_token());
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::current_exception();
        source.request_stop();
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    const auto at_once = std::min(count, static_cast<std::size_t>(options_.concurrency));
    for (std::size_t i = 0; i < at_once; ++i) workers.emplace_back(run);
  }
  if (first) std::rethrow_exception(first);
  if (stop.stop_requested()) throw Interrupted("asking a server: stopped; the replies that came are kept");
}

std::vector<Scores> ModelServer::scores_of(const ScoreQuestion& question, int count, std::stop_token stop) {
  const auto read = [&](const Json& body) {
    return scores_to_json(dialect_->read_scores(body, question, count));
  };
  const Reply reply = ask(dialect_->score(model_.name, question, count), kScoresForm, read, std::move(stop));
  std::vector<Scores> scores;
  for (std::size_t i = 0; i < question.positions.size(); ++i)
    scores.push_back({reply.failure.empty() ? top_from_json(reply.body.at(i)) : TopTokens(), reply.failure});
  return scores;
}

std::vector<std::vector<Scores>> ModelServer::top_tokens(std::span<const ScoreQuestion> questions, int count,
                                                         std::stop_token stop) {
  std::vector<ScoreQuestion> parts;
  std::vector<std::size_t> question_of;  // of each part
  for (std::size_t i = 0; i < questions.size(); ++i) {
    if (questions[i].positions.empty()) continue;
    for (auto& part : split(questions[i], dialect_->scores_many_positions())) {
      parts.push_back(std::move(part));
      question_of.push_back(i);
    }
  }
  std::vector<std::vector<Scores>> of_parts(parts.size());
  for_each(
      parts.size(), [&](std::size_t i, std::stop_token t) { of_parts[i] = scores_of(parts[i], count, t); },
      stop);
  std::vector<std::vector<Scores>> of_questions(questions.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto& scores = of_questions[question_of[i]];
    std::move(of_parts[i].begin(), of_parts[i].end(), std::back_inserter(scores));
  }
  return of_questions;
}

std::vector<Answer> ModelServer::answers(std::span<const std::string> prompts, const AnswerOptions& options,
                                         std::stop_token stop) {
  std::vector<Answer> answers(prompts.size());
  const auto read = [](const Json& body) {
    const ChatAnswer answer = read_answer(body);
    return Json{{"text", answer.text}, {"is_cut_off", answer.is_cut_off}};
  };
  const auto answer = [&](std::size_t i, std::stop_token t) {
    const Reply reply = ask(answer_request(model_, prompts[i], options), kAnswersForm, read, std::move(t));
    if (!reply.failure.empty())
      answers[i].failure = reply.failure;
    else
      answers[i] = {reply.body.at("text").get<std::string>(), reply.body.at("is_cut_off").get<bool>(), {}};
  };
  for_each(prompts.size(), answer, stop);
  return answers;
}

}  // namespace conceptune::servers
