// Where the library's messages go. The library never prints: the caller sets a sink.
#pragma once

#include <functional>
#include <string_view>

namespace conceptune {

enum class Severity { info, warning };

using MessageSink = std::function<void(Severity, std::string_view)>;

/// Sets the sink for the whole process and returns the one before. Without a sink messages are dropped.
/// Thread-safe; the sink itself is called by one thread at a time.
MessageSink set_message_sink(MessageSink sink);

/// Sends one line to the sink.
void inform(std::string_view message);
void warn(std::string_view message);

}  // namespace conceptune
