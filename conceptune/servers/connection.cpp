#include "conceptune/servers/connection.h"

#include <fmt/format.h>

#include <cstdlib>

#include "conceptune/base/error.h"
#include "conceptune/fetch/http_request.h"

namespace conceptune::servers {
namespace {

constexpr std::string_view kDoing = "asking a server";
constexpr std::size_t kMaxReplyBytes = std::size_t{1} << 28;
/// One request may be what a server cannot bear; so many in a row say that it is the server.
constexpr int kMostFailuresInARow = 10;
constexpr std::size_t kMessageLength = 300;

std::string address_of(std::string url) {
  if (!is_server_address(url))
    throw InputError(kDoing, url, "expected an address like http://localhost:8000");
  while (url.ends_with('/')) url.pop_back();
  if (url.ends_with("/v1")) url.resize(url.size() - 3);
  return url;
}

/// What the server says about an error: {"error": {"message": …}}, {"error": …}, {"message": …} or the body.
std::string message_in(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  const Json* said = &json;
  for (const auto* key : {"error", "message"})
    if (said->is_object() && said->contains(key)) said = &(*said)[key];
  std::string message = said->is_string() ? said->get<std::string>() : body;
  if (message.size() > kMessageLength) message.resize(kMessageLength);
  return message;
}

/// Whether another attempt is due. A server that was killed drops what it was asked, and at the next attempt
/// cannot be reached; dropped without another attempt these words alone would seem to have no answer.
bool is_due_again(const fetch::HttpReply& reply) {
  using Failure = fetch::HttpReply::Failure;
  if (reply.failure == Failure::timeout || reply.failure == Failure::dropped) return true;
  return reply.failure == Failure::status && (reply.status == 429 || reply.status >= 500);
}

std::string describe(const fetch::HttpReply& reply, const std::string& body) {
  if (reply.failure == fetch::HttpReply::Failure::timeout) return "no reply within the timeout";
  if (reply.failure != fetch::HttpReply::Failure::status) return reply.problem;
  const std::string message = message_in(body);
  return message.empty() ? reply.problem : reply.problem + ": " + message;
}

}  // namespace

Connection::Connection(const ServerOptions& options) : options_(options), address_(address_of(options.url)) {
  if (const char* key = std::getenv(options.api_key_variable.c_str())) key_ = key;
}

Reply Connection::get(const std::string& path, std::stop_token stop) {
  return send(path, nullptr, std::move(stop));
}

Reply Connection::post(const Request& request, std::stop_token stop) {
  const std::string json = to_json_text(request.payload);
  return send(request.path, &json, std::move(stop));
}

Reply Connection::send(const std::string& path, const std::string* json, std::stop_token stop) {
  const std::string url = address_ + path;
  const fetch::HttpOptions http{.token = key_,
                                .attempts = options_.attempts,
                                .first_pause = options_.first_pause,
                                .stall_seconds = static_cast<int>(options_.timeout) + 1,
                                .total_seconds = options_.timeout,
                                .stop = stop};
  fetch::Backoff backoff(http);
  for (;;) {
    fetch::TextSink sink(kMaxReplyBytes);
    const auto reply = fetch::http_request(url, http, sink, json);
    if (stop.stop_requested()) throw Interrupted("asking a server: stopped; the replies that came are kept");
    const std::string body = sink.take();
    if (reply.failure == fetch::HttpReply::Failure::none) {
      try {
        Reply whole{parse_json(body, kDoing, url), {}};
        failed_in_a_row_ = 0;
        return whole;
      } catch (const InputError&) {
        return fail(url, "the reply is no JSON");
      }
    }
    const std::string problem = describe(reply, body);
    if (reply.status == 401 || reply.status == 403)
      throw InputError(kDoing, url,
                       fmt::format("{}; the key is taken from ${}", problem, options_.api_key_variable));
    if (reply.status == 404) throw InputError(kDoing, url, problem);
    if (reply.failure == fetch::HttpReply::Failure::unreachable) throw SystemError(kDoing, url, problem);
    if (!is_due_again(reply)) return fail(url, problem);
    if (!backoff.wait(reply.retry_after))
      return fail(url, fmt::format("{} (after {} attempts)", problem, backoff.attempts()));
  }
}

Reply Connection::fail(const std::string& url, const std::string& failure) {
  if (++failed_in_a_row_ >= kMostFailuresInARow)
    throw SystemError(kDoing, url,
                      fmt::format("{}; {} requests have failed in a row", failure, kMostFailuresInARow));
  return {{}, failure};
}

}  // namespace conceptune::servers
