#include "conceptune/base/messages.h"

#include <mutex>
#include <utility>

namespace conceptune {
namespace {

std::mutex& sink_mutex() {
  static std::mutex mutex;
  return mutex;
}

MessageSink& current_sink() {
  static MessageSink sink;
  return sink;
}

void send(Severity severity, std::string_view message) {
  std::lock_guard lock(sink_mutex());
  if (current_sink()) current_sink()(severity, message);
}

}  // namespace

MessageSink set_message_sink(MessageSink sink) {
  std::lock_guard lock(sink_mutex());
  return std::exchange(current_sink(), std::move(sink));
}

void inform(std::string_view message) { send(Severity::info, message); }
void warn(std::string_view message) { send(Severity::warning, message); }

}  // namespace conceptune
