#include "meshcert/merge.hpp"

#include <memory>
#include <string>
#include <string_view>

#include "input/line_window.hpp"
#include "meshcert/line_merger.hpp"

namespace meshcert::cli {
namespace {

constexpr std::size_t kWindow = 256 * 1024;

std::string_view digits_behind(std::string_view line, std::string_view key) {
  const std::size_t at = line.find(key);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + key.size());
  return line.substr(0, line.find_first_not_of("0123456789"));
}

// A quote within a text is escaped, so that what looks like a key is one.
bool begins_artifact(std::string_view line) {
  const std::string_view index = digits_behind(line, "{\"index\":"),
                         first = digits_behind(line, ",\"first\":");
  return index == (first.empty() ? "0" : first) || index.empty();
}

/// before_last_artifact cuts where none is cut in two: certificates of one are judged together.
std::size_t before_last_artifact(std::string_view text) {
  for (std::size_t end = text.rfind('\n'); end != 0 && end != std::string_view::npos;) {
    const std::size_t before = text.rfind('\n', end - 1);
    if (before == std::string_view::npos) return 0;
    if (begins_artifact(text.substr(before + 1, end - before - 1))) return before + 1;
    end = before;
  }
  return 0;
}

/// ends_with_summary looks at the last line of the last window.
bool ends_with_summary(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1).starts_with("{\"summary\":");
}

void add_error(const std::string& file, const std::string& why, const Judging& judging, Crew& crew) {
  crew.add([file, why, &judging] {
    auto batch = std::make_shared<Batch>(judging);
    batch->error(judging, file, why);
    return batch;
  });
}

void merge_one(const std::string& file, ByteSource& source, const Options& options, Env& env,
               const Judging& judging, Crew& crew) {
  input::LineWindow window(source, kWindow, options.read.limits.value_bytes, before_last_artifact);
  bool whole = false;
  while (!env.interrupted()) {
    auto text = std::make_shared<const input::WindowText>(window.next());
    if (text->empty()) break;
    whole = ends_with_summary(*text);
    crew.add([file, text, number = window.line(), &judging] {
      return merge_window(file, *text, number, judging);
    });
  }
  if (window.failure()) return add_error(file, *window.failure(), judging, crew);
  if (!whole && !env.interrupted())
    add_error(file,
              "it was cut off: no summary stands at its end; the certificates in it are counted all the same",
              judging, crew);
}

}  // namespace

void merge_inputs(const Options& options, Env& env, const Judging& judging, Crew& crew, Progress& progress) {
  for (const std::string& input : options.inputs) {
    if (env.interrupted()) return;
    if (input == "-") {
      const auto source = env.open_stdin();
      merge_one(input, *source, options, env, judging, crew);
      continue;
    }
    if (const auto facts = env.look_at(input)) progress.expect(facts->size);
    const auto source = env.open_file(input);
    if (source)
      merge_one(input, **source, options, env, judging, crew);
    else
      add_error(input, source.error(), judging, crew);
  }
}

}  // namespace meshcert::cli
