#include "cli/plan_view.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "cli/pace.h"
#include "conceptune/base/utf8.h"
#include "conceptune/base/visible_text.h"

namespace conceptune::cli {
namespace {

using namespace std::chrono_literals;
using experiment::PlannedStage;
using experiment::StageState;

/// Columns of a character, at most: from Hangul on it may take two.
std::size_t width_of(char32_t character) { return character >= 0x1100 ? 2 : 1; }

/// As much of a text as stays below so many columns.
std::string cut(const std::string& text, std::size_t columns) {
  std::size_t width = 0;
  std::u32string kept;
  for (const char32_t character : decode_utf8(text)) {
    width += width_of(character);
    if (width >= columns) break;
    kept += character;
  }
  return encode_utf8(kept);
}

/// The subject gives way to the pace where there is no room for both.
std::string line_of(const PlannedStage& stage, std::size_t columns) {
  constexpr std::size_t kShortestSubject = 8;
  const std::string head = fmt::format("{:<10} {:<10} ", name_of(stage.state), stage.stage);
  const std::string subject = visible_text(stage.subject);
  if (stage.state != StageState::being_made || !stage.progress) return cut(head + subject, columns);
  const auto [state, pace] = pace_text(*stage.progress);
  const std::string rest = visible_text(fmt::format(" {}{}", state, pace));
  const std::size_t taken = count_code_points(head) + count_code_points(rest);
  const std::size_t room = std::max(kShortestSubject, columns > taken ? columns - taken : 0);
  return cut(head + cut(subject, room) + rest, columns);
}

/// The places of the stages that have room, in their order: what is being made, what waits, what is done.
std::vector<std::size_t> places_with_room(const std::vector<PlannedStage>& stages, std::size_t room) {
  std::vector<std::size_t> places;
  for (const auto state : {StageState::being_made, StageState::waiting, StageState::done})
    for (std::size_t i = 0; i < stages.size() && places.size() < room; ++i)
      if (stages[i].state == state) places.push_back(i);
  std::ranges::sort(places);
  return places;
}

ViewSize view_size() {
  const auto size = size_of_terminal();
  return size && size->rows > 0 ? *size : ViewSize{80, 24};
}

}  // namespace

std::vector<std::string> plan_lines(const std::vector<PlannedStage>& stages, ViewSize size) {
  if (size.rows < 2) return {};
  const auto count = [&](StageState state) {
    return std::ranges::count(stages, state, &PlannedStage::state);
  };
  std::string head = fmt::format("{} of {} done, {} being made", count(StageState::done), stages.size(),
                                 count(StageState::being_made));
  // The cursor stands on a line of its own below.
  const std::size_t room = size.rows - 2;
  const auto places = places_with_room(stages, room);
  if (places.size() < stages.size()) head += fmt::format(", {} not shown", stages.size() - places.size());
  std::vector<std::string> lines = {cut(head, size.columns)};
  for (const auto place : places) lines.push_back(line_of(stages[place], size.columns));
  return lines;
}

bool can_show_plan() { return ::isatty(STDERR_FILENO) == 1; }

PlanView::PlanView(std::vector<PlannedStage> stages) : stages_(std::move(stages)) {
  before_ = set_message_sink([this](Severity severity, std::string_view message) {
    erase();
    before_(severity, message);
    draw();
  });
  draw();
}

PlanView::~PlanView() {
  set_message_sink(before_);
  erase();
}

void PlanView::begin(std::string_view /*stage*/, std::int64_t /*total*/, std::string_view /*unit*/) {
  look();
}
void PlanView::update(std::int64_t /*done*/, std::string_view /*note*/) { look(); }
void PlanView::end() { look(); }

void PlanView::look() {
  if (Clock::now() - looked_ < 1s) return;
  update_states(stages_);
  erase();
  draw();
  looked_ = Clock::now();
}

void PlanView::draw() {
  const auto lines = plan_lines(stages_, view_size());
  for (const auto& line : lines) fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
  drawn_ = lines.size();
}

void PlanView::erase() {
  if (drawn_ > 0) fmt::print(stderr, "\x1b[{}A\r\x1b[J", drawn_);
  drawn_ = 0;
}

}  // namespace conceptune::cli
