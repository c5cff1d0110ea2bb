#include "meshcert/merged_files.hpp"

#include <algorithm>
#include <map>

#include "base/words.hpp"

namespace meshcert::cli {
namespace {

/// Runs of one night begin within it, whatever the clocks of their clusters show; the last night's do not.
constexpr Seconds kOneRun = std::chrono::hours(20);
/// Of what runs every night, there is one within it.
constexpr Seconds kFresh = std::chrono::hours(24);

using Indices = std::vector<std::size_t>;

// "shards 1/3, 2/3 are"
std::string words_for(const Indices& shards, std::size_t of) {
  const std::string listed = base::some_of(
      shards, "", 10, [of](std::size_t shard) { return std::to_string(shard) + '/' + std::to_string(of); });
  return shards.size() == 1 ? "shard " + listed + " is" : "shards " + listed + " are";
}

std::string words_for_missing(const Indices& missing, std::size_t of) {
  return words_for(missing, of) + " missing: no file with a whole summary is of " +
         (missing.size() == 1 ? "it, and its" : "any of them, and their") +
         " certificates are not in this report; give what every shard printed";
}

std::string words_for_repeated(const Indices& repeated, std::size_t of) {
  return words_for(repeated, of) +
         " there more often than the others: what was given twice, or was run again, counts twice; leave one of "
         "its files out, or, of several clusters, give what every shard of each printed";
}

struct Copies {
  std::size_t number = 0;  // of the shard: one for each cluster
  std::uint64_t inputs = 0, skipped = 0, unread = 0;
};

void add(const MergedFile& one, Copies& copies) {
  ++copies.number;
  copies.inputs += one.inputs;
  copies.skipped += one.skipped;
  copies.unread += one.shard.unread;
}

void settle_set(std::size_t of, const std::map<std::size_t, Copies>& parts, Settled& settled) {
  const auto by_number = [](const auto& a, const auto& b) { return a.second.number < b.second.number; };
  const Copies& whole = std::ranges::max_element(parts, by_number)->second;
  settled.inputs += whole.inputs;
  settled.skipped += whole.skipped;
  settled.unread += whole.unread;
  Indices missing, repeated;
  std::size_t least = whole.number;
  for (std::size_t index = 0; index < of; ++index) {
    const auto part = parts.find(index);
    const std::size_t number = part == parts.end() ? 0 : part->second.number;
    least = std::min(least, number);
    (number < whole.number ? missing : repeated).push_back(index);
  }
  if (missing.empty()) return;
  const bool too_many = least != 0 && repeated.size() <= missing.size();  // rather than too few
  settled.faults.push_back(
      {"--merge", too_many ? words_for_repeated(repeated, of) : words_for_missing(missing, of)});
}

std::string words_for_old(const MergedFile& old, const MergedFile& newest) {
  const std::string again = old.shard.of == 1 ? "sweep that again"
                                              : "run --shard " + std::to_string(old.shard.index) + '/' +
                                                    std::to_string(old.shard.of) + " again";
  return "it was judged at " + to_rfc3339(*old.at) + ", " + humanize(*newest.at - *old.at) + " before " +
         newest.file + ": what is new or renewed since then is not in this report; " + again +
         ", or leave the file out if it is of an earlier run";
}

std::string words_for_all_old(const MergedFile& newest, Seconds age) {
  return "it was judged at " + to_rfc3339(*newest.at) + ", " + humanize(age) +
         " ago, and nothing that was merged is newer: what is new or renewed since then is not in this report; "
         "see why the sweeps that write these files do not run, or, of files that are kept, say with --at by which "
         "time to judge them";
}

void find_old(const std::vector<MergedFile>& files, std::optional<Instant> now, Settled& settled) {
  if (files.empty()) return;
  const auto newest = std::ranges::max_element(files, {}, &MergedFile::at);  // no time is before all others
  if (now && newest->at && *now - *newest->at > kFresh)
    settled.faults.push_back({newest->file, words_for_all_old(*newest, *now - *newest->at)});
  for (const MergedFile& one : files)
    if (one.at && *newest->at - *one.at > kOneRun)
      settled.faults.push_back({one.file, words_for_old(one, *newest)});
}

/// Said is what all summaries of a file say: it may be several, one behind the other.
struct Said {
  std::uint64_t certificates = 0, findings = 0, unread = 0, lines = 0;
  bool counts_lines = true;
};

std::map<std::string, Said> said_of(const std::vector<MergedFile>& files) {
  std::map<std::string, Said> all;
  for (const MergedFile& one : files) {
    Said& said = all[one.file];
    said.certificates += one.certificates;
    said.findings += one.findings;
    said.unread += one.unread;
    said.lines += one.lines.value_or(0);
    said.counts_lines = said.counts_lines && one.lines;
  }
  return all;
}

std::string words_for_lines(std::uint64_t said, std::string_view what, std::uint64_t there) {
  return "its summary counts " + base::counted(said, what) + ", and " + std::to_string(there) +
         " stand in it: lines were lost, or lines of another run joined; give the file as `meshcert sweep -o "
         "ndjson` wrote it";
}

std::string words_for_findings(std::uint64_t said, std::uint64_t there) {
  return "its summary counts " + base::counted(said, "finding") + ", and its lines tell " +
         std::to_string(there) +
         " that this version knows: another version of meshcert wrote it; run that sweep again with this one";
}

void settle_lines(const std::string& file, const Said& said, const FileLines& there, Settled& settled) {
  settled.unread += said.unread - std::min(said.unread, there.unread_left_out);
  if (there.certificates != said.certificates)
    settled.faults.push_back({file, words_for_lines(said.certificates, "certificate", there.certificates)});
  else if (said.counts_lines && there.all != said.lines)
    settled.faults.push_back({file, words_for_lines(said.lines, "line", there.all)});
  else if (there.findings != said.findings)
    settled.faults.push_back({file, words_for_findings(said.findings, there.findings)});
}

}  // namespace

FileLines& FileLines::operator+=(const FileLines& more) {
  all += more.all;
  certificates += more.certificates;
  findings += more.findings;
  unread_left_out += more.unread_left_out;
  return *this;
}

Settled settle(const std::vector<MergedFile>& files, const Lines& lines, std::optional<Instant> now) {
  Settled settled;
  std::map<std::size_t, std::map<std::size_t, Copies>> sets;
  for (const MergedFile& one : files)
    if (one.shard.of != 1) add(one, sets[one.shard.of][one.shard.index]);
  for (const auto& [of, parts] : sets) settle_set(of, parts, settled);
  for (const auto& [file, said] : said_of(files)) {
    const auto there = lines.find(file);
    settle_lines(file, said, there == lines.end() ? FileLines{} : there->second, settled);
  }
  find_old(files, now, settled);
  return settled;
}

}  // namespace meshcert::cli
