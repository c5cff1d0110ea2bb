#include "meshcert/prober.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <utility>

#include "tls/session.hpp"

namespace meshcert::cli {
namespace {

using std::chrono::milliseconds;

// How long to wait for the refusal that TLS 1.3 sends after the handshake, at least; it takes a round
// trip, of which the handshake took some.
constexpr milliseconds kLinger{500};
// How often to ask again what the resolver has found.
constexpr milliseconds kLookupPause{5};

/// Conversation is one target under way.
class Conversation {
 public:
  Conversation(const Target& target, const ProbeSettings& settings, const tls::Client& client,
               Network& network)
      : target_(target), settings_(settings), network_(network), begun_(network.clock()) {
    session_ = std::make_unique<tls::Session>(client, session_settings());
    session_->probe().target = target.text;
    deadline_ = begun_ + settings.timeout;
  }
  ~Conversation() { hang_up(); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  [[nodiscard]] bool finished() const { return session_->finished() && to_send_.empty(); }
  [[nodiscard]] std::optional<Network::Interest> interest() const {
    if (handle_ < 0) return std::nullopt;
    return Network::Interest{handle_, connecting_ || !to_send_.empty()};
  }
  [[nodiscard]] milliseconds due() const {
    if (handle_ < 0) return network_.clock() + kLookupPause;
    return session_->lingers() ? std::min(linger_until_, deadline_) : std::min(attempt_until_, deadline_);
  }

  /// step does what can be done without waiting. `ready`: the connection is.
  void step(bool ready) {
    if (handle_ < 0 && !session_->finished()) begin();
    if (handle_ >= 0 && ready) connecting_ ? connected() : exchange();
    if (!session_->finished()) look_at_the_clock();
    if (session_->finished() && to_send_.empty()) hang_up();
  }

  [[nodiscard]] Probed take() { return {std::move(session_->probe()), std::move(session_->chain())}; }

 private:
  [[nodiscard]] tls::SessionSettings session_settings() const {
    tls::SessionSettings session;
    const bool is_name = target_.host.find_first_not_of("0123456789.") != std::string::npos &&
                         target_.host.find(':') == std::string::npos;
    session.server_name = settings_.server_name.value_or(is_name ? target_.host : "");
    session.host = !session.server_name.empty() ? session.server_name
                   : target_.host.empty()       ? "localhost"
                                                : target_.host;
    session.starttls = settings_.starttls;
    session.plaintext = settings_.plaintext;
    return session;
  }

  void begin() {
    if (!looked_up_ && !look_up()) return;
    while (handle_ < 0 && !session_->finished()) {
      if (next_ == addresses_.size()) {
        const auto outcome =
            last_.kind == NetworkFailure::Kind::refused ? ProbeOutcome::refused : ProbeOutcome::unreachable;
        return session_->stop(outcome, "connect", last_.message);
      }
      const Address& address = addresses_[next_++];
      const auto handle = network_.connect(address);
      if (!handle) {
        last_ = handle.error();
        continue;
      }
      handle_ = *handle;
      connecting_ = true;
      session_->probe().address = address.text;
      // Each address gets a share of what time is left, the last one all of it.
      const auto left = deadline_ - network_.clock();
      attempt_until_ = network_.clock() + left / static_cast<int>(addresses_.size() - next_ + 1);
    }
  }

  // Answers whether the addresses are there.
  bool look_up() {
    auto found = target_.path.empty() ? network_.look_up(target_.host, target_.port) : one(target_.path);
    if (!found) return false;
    looked_up_ = true;
    if (!*found)
      session_->stop(ProbeOutcome::unreachable, "lookup", found->error());
    else if ((*found)->empty())
      session_->stop(ProbeOutcome::unreachable, "lookup", "the host has no address");
    else
      addresses_ = std::move(**found);
    return !session_->finished();
  }

  std::optional<Result<std::vector<Address>, std::string>> one(const std::string& path) {
    auto address = network_.unix_address(path);
    if (!address) return fail(std::move(address.error()));
    return std::vector<Address>{std::move(*address)};
  }

  void try_next(NetworkFailure why) {
    last_ = std::move(why);
    hang_up();
    begin();
  }

  void connected() {
    if (auto done = network_.finish_connect(handle_); !done) return try_next(std::move(done.error()));
    connecting_ = false;
    connected_ = network_.clock();
    attempt_until_ = deadline_;
    session_->connected();
    send();
  }

  void exchange() {
    if (!to_send_.empty()) return send();
    std::array<std::uint8_t, 16 * 1024> octets;
    const auto got = network_.read(handle_, octets);
    if (!got && got.error().kind == NetworkFailure::Kind::not_now) return;
    if (!got || *got == 0) return session_->ended(got ? tls::Ending::closed : tls::Ending::reset);
    const bool lingered = session_->lingers();
    session_->receive(ByteView(octets).first(*got));
    if (!lingered && session_->lingers()) linger();
    send();
  }

  void linger() {
    const milliseconds now = network_.clock();
    linger_until_ = now + std::max(kLinger, 2 * (now - connected_));
  }

  void send() {
    to_send_ += session_->take_output();
    while (!to_send_.empty()) {
      const auto sent = network_.write(handle_, to_send_);
      if (!sent && sent.error().kind == NetworkFailure::Kind::not_now) return;
      if (!sent) {
        to_send_.clear();
        // What the server said before it left counts: it is still to be read.
        return drain();
      }
      to_send_.erase(0, *sent);
    }
  }

  void drain() {
    for (int turns = 0; turns < 64 && !session_->finished(); ++turns) {
      std::array<std::uint8_t, 16 * 1024> octets;
      const auto got = network_.read(handle_, octets);
      if (!got || *got == 0) return session_->ended(got ? tls::Ending::closed : tls::Ending::reset);
      session_->receive(ByteView(octets).first(*got));
      static_cast<void>(session_->take_output());
    }
  }

  void look_at_the_clock() {
    const milliseconds now = network_.clock();
    if (session_->lingers() && now >= std::min(linger_until_, deadline_)) {
      session_->settle(linger_until_ <= deadline_
                           ? ""
                           : "the time given ended before a refusal of the client could be seen");
      return send();
    }
    if (now >= deadline_)
      return session_->stop(ProbeOutcome::timeout, stage(), "the server said nothing within the time given");
    if (connecting_ && now >= attempt_until_) try_next({NetworkFailure::Kind::unreachable, "no answer"});
  }

  [[nodiscard]] std::string stage() const {
    if (!looked_up_) return "lookup";
    return connecting_ || handle_ < 0 ? "connect" : std::string(session_->stage());
  }

  void hang_up() {
    if (handle_ >= 0) network_.close(handle_);
    handle_ = -1;
  }

  const Target& target_;
  const ProbeSettings& settings_;
  Network& network_;
  milliseconds begun_, connected_{}, deadline_{}, attempt_until_{}, linger_until_{};
  std::unique_ptr<tls::Session> session_;
  std::vector<Address> addresses_;
  std::size_t next_ = 0;
  NetworkFailure last_;
  bool looked_up_ = false;
  bool connecting_ = false;
  Network::Handle handle_ = -1;
  std::string to_send_;
};

/// Flight is the conversations that are under way.
class Flight {
 public:
  Flight(const std::vector<Target>& targets, const ProbeSettings& settings, const tls::Client& client,
         Network& network)
      : targets_(targets),
        settings_(settings),
        client_(client),
        network_(network),
        results_(targets.size()) {}

  std::vector<Probed> run() {
    while (next_ < targets_.size() || !active_.empty()) {
      while (next_ < targets_.size() && active_.size() < settings_.in_flight) take_off();
      wait();
      land();
    }
    return std::move(results_);
  }

 private:
  struct Active {
    std::size_t index;
    std::unique_ptr<Conversation> conversation;
  };

  void take_off() {
    active_.push_back({next_, std::make_unique<Conversation>(targets_[next_], settings_, client_, network_)});
    active_.back().conversation->step(false);
    ++next_;
    land();
  }

  void land() {
    std::erase_if(active_, [this](Active& active) {
      if (!active.conversation->finished()) return false;
      results_[active.index] = active.conversation->take();
      return true;
    });
  }

  void wait() {
    if (active_.empty()) return;
    std::vector<Network::Interest> interests;
    std::vector<Conversation*> waiting;
    milliseconds due = active_.front().conversation->due();
    for (const Active& active : active_) {
      due = std::min(due, active.conversation->due());
      const auto interest = active.conversation->interest();
      if (!interest) continue;
      interests.push_back(*interest);
      waiting.push_back(active.conversation.get());
    }
    network_.wait(interests, std::max(due - network_.clock(), milliseconds{0}));
    for (std::size_t i = 0; i < waiting.size(); ++i)
      if (interests[i].ready) waiting[i]->step(true);
    for (const Active& active : active_) active.conversation->step(false);
  }

  const std::vector<Target>& targets_;
  const ProbeSettings& settings_;
  const tls::Client& client_;
  Network& network_;
  std::size_t next_ = 0;
  std::vector<Active> active_;
  std::vector<Probed> results_;
};

}  // namespace

std::vector<Probed> probe_all(const std::vector<Target>& targets, const ProbeSettings& settings,
                              const tls::Client& client, Network& network) {
  return Flight(targets, settings, client, network).run();
}

}  // namespace meshcert::cli
