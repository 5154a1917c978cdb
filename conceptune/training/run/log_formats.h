// Lines of a training log in other programs' formats. Lines that hold no series of numbers (data,
// predictions) give nothing.
#pragma once

#include <string>

#include "conceptune/base/json.h"

namespace conceptune::training {

/// Names of the columns, and one line of the log as a row of them; a value that it does not have is left
/// empty.
std::string csv_header();
std::string csv_row(const Json& line);

/// What a TensorBoard event file begins with, and the record of one line of the log: every number under the
/// tag TYPE/NAME. The frame is TFRecord's (length, CRC-32C of it, bytes, CRC-32C of them; TensorFlow's
/// core/lib/io/record_writer.cc), the bytes are Event messages (core/util/event.proto). Their wall time is
/// the step, in seconds: the same run gives the same bytes.
std::string event_file_header();
std::string event_record(const Json& line);

}  // namespace conceptune::training
